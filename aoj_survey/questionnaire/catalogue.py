"""The sentences of advice, in Dutch and English; those of errors stand in `problems.py`."""

from collections.abc import Mapping

from .instrument import Text

ADVICE: Mapping[str, tuple[str, Text, Text]] = {
    "two-questions": (
        "advice",
        {
            "nl": "Hier staan misschien twee vragen in één (“{value}”).",
            "en": "This may be two questions in one (“{value}”).",
        },
        {"nl": "Maak er twee vragen van, of kies er één.", "en": "Make it two questions, or choose one."},
    ),
    "no-dont-know": (
        "advice",
        {"nl": "Wie het niet weet, kan dat hier niet zeggen.", "en": "Who does not know cannot say so here."},
        {
            "nl": "Voeg een antwoord “weet ik niet” toe met `dont_know: true`.",
            "en": "Add an answer “I don\u2019t know” with `dont_know: true`.",
        },
    ),
    "dont-know-not-last": (
        "advice",
        {"nl": "“Weet ik niet” staat niet als laatste.", "en": "“I don\u2019t know” is not the last answer."},
        {
            "nl": "Zet het onderaan, los van de andere antwoorden.",
            "en": "Put it at the end, apart from the others.",
        },
    ),
    "group-long": (
        "advice",
        {
            "nl": "Deze groep heeft {count} zinnen; bij meer dan {most} lezen mensen ze niet meer.",
            "en": "This group has {count} statements; over {most} people stop reading them.",
        },
        {"nl": "Maak er twee groepen van.", "en": "Make two groups of it."},
    ),
    "long-sentence": (
        "advice",
        {"nl": "Deze zin telt {count} woorden.", "en": "This sentence has {count} words."},
        {"nl": "Maak zinnen van hoogstens {most} woorden.", "en": "Write sentences of at most {most} words."},
    ),
    "difficult-word": (
        "tip",
        {"nl": "“{value}” is een moeilijk woord.", "en": "“{value}” is a difficult word."},
        {"nl": "Schrijf liever: {plain}.", "en": "Rather write: {plain}."},
    ),
    "abbreviation": (
        "tip",
        {
            "nl": "De afkorting {value} is nog niet uitgelegd.",
            "en": "The abbreviation {value} was not explained yet.",
        },
        {
            "nl": "Schrijf het woord uit, of leg het hier uit: `woord ({value})`.",
            "en": "Write the word, or explain it here: `word ({value})`.",
        },
    ),
    "double-negation": (
        "advice",
        {
            "nl": "Hier staan twee ontkenningen in één zin ({value}).",
            "en": "There are two negations in one sentence ({value}).",
        },
        {"nl": "Vraag het zonder “niet” of “geen”.", "en": "Ask it without a negation."},
    ),
    "overlapping-answers": (
        "advice",
        {
            "nl": "Twee antwoorden overlappen elkaar of zijn hetzelfde.",
            "en": "Two answers overlap or are the same.",
        },
        {"nl": "Zorg dat op iedereen maar één antwoord past.", "en": "Let only one answer fit each person."},
    ),
    "gap-in-answers": (
        "advice",
        {
            "nl": "Tussen twee antwoorden vallen getallen weg.",
            "en": "There are numbers between two answers that fit neither.",
        },
        {
            "nl": "Laat de antwoorden op elkaar aansluiten.",
            "en": "Let each range start where the one before ends.",
        },
    ),
    "not-translated": (
        "advice",
        {"nl": "`{value}` heeft geen tekst in: {languages}.", "en": "`{value}` has no text in: {languages}."},
        {
            "nl": "Vertaal het; tot dan staat de eerste taal er.",
            "en": "Translate it; until then the first language is shown.",
        },
    ),
    "too-long": (
        "advice",
        {
            "nl": "Voor {role} duurt dit tot {minutes} minuten.",
            "en": "For {role} this takes up to {minutes} minutes.",
        },
        {
            "nl": "Blijf onder de {most} minuten; bij langere lijsten stoppen meer mensen halverwege.",
            "en": "Stay below {most} minutes; with longer questionnaires more people stop halfway.",
        },
    ),
    "required-for-nothing": (
        "advice",
        {
            "nl": "Deze vraag is verplicht, maar er hangt geen andere vraag van af.",
            "en": "This question is required, but no other question depends on it.",
        },
        {"nl": "Haal `required` weg: niemand wordt gedwongen.", "en": "Remove `required`: nobody is forced."},
    ),
    "open-without-limit": (
        "tip",
        {
            "nl": "Deze open vraag heeft geen eigen grens; er gelden {most} tekens.",
            "en": "This open question has no limit of its own; {most} characters apply.",
        },
        {"nl": "Kies een grens met `max_length`.", "en": "Choose a limit with `max_length`."},
    ),
    "open-without-hint": (
        "tip",
        {
            "nl": "De hint zegt niet dat men geen namen moet opschrijven.",
            "en": "The hint does not say to leave out names.",
        },
        {"nl": "Zet in `hint`: Schrijf geen namen op.", "en": "Write in `hint`: Do not write down names."},
    ),
    "quasi-identifier": (
        "advice",
        {
            "nl": "Dit antwoord kan samen met functie en regio naar één persoon wijzen.",
            "en": "Together with role and region this answer may point to one person.",
        },
        {
            "nl": "Vraag het alleen als u er iets mee doet, en in zo weinig mogelijk groepen.",
            "en": "Ask it only when you use it, and in as few classes as possible.",
        },
    ),
    "maybe-quasi-identifier": (
        "advice",
        {
            "nl": "Dit lijkt een vraag naar een kenmerk van de persoon zelf.",
            "en": "This looks like a question about the person.",
        },
        {
            "nl": "Laat de vraag weg, of zet er `quasi_identifier: true` bij.",
            "en": "Leave the question out, or add `quasi_identifier: true`.",
        },
    ),
    "quote-without-fallback": (
        "advice",
        {
            "nl": "Wie `{value}` oversloeg, leest hier “…”.",
            "en": "Who skipped `{value}` reads “…” here.",
        },
        {
            "nl": "Zeg wat er dan staat: `{{{value}|een cijfer}}`.",
            "en": "Say what stands there then: `{{{value}|a mark}}`.",
        },
    ),
}
"""Code -> (level, what is the matter, what to do), filled with `str.format`."""
