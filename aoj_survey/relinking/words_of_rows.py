"""The words of attempts on the rows of the database and how they are stored."""

from .words import Text, Wording

WORDINGS: dict[str, Wording] = {
    "schema": Wording(
        Text(
            "Bewaren de tabellen met antwoorden een tijdstip, een volgnummer of een verwijzing naar een persoon?",
            "Do the tables of answers keep a moment, a sequence or a way back to a person?",
        ),
        Text("Nee. {tables} tabellen zijn bekeken.", "No. {tables} tables were inspected."),
        Text(
            "Ja: op {faults} plaatsen. De tabellen zijn niet zoals dit programma ze maakt.",
            "Yes: in {faults} places. The tables are not as this program makes them.",
        ),
    ),
    "shared_values": Wording(
        Text(
            "Staat iets van de lijst (nummer, kenmerk, versleuteld adres) ook bij de antwoorden?",
            "Does anything of the list (id, hash, sealed address) stand with the answers too?",
        ),
        Text(
            "Nee. {sought} waarden zijn gezocht in {rows} rijen.",
            "No. {sought} values were sought in {rows} rows.",
        ),
        Text(
            "Ja: {shared} van {sought} waarden staan ook bij de antwoorden.",
            "Yes: {shared} of {sought} values stand with the answers too.",
        ),
    ),
    "traces": Wording(
        Text(
            "Staat het nummer van een antwoord ook ergens anders, waar het een tijdstip of naam krijgt?",
            "Does the id of an answer stand anywhere else, where it gets a moment or a name?",
        ),
        Text(
            "Nee. {ids} nummers zijn gezocht in de {tables} andere tabellen.",
            "No. {ids} ids were sought in the {tables} other tables.",
        ),
        Text(
            "Ja: in {tables_with} van de {tables} andere tabellen.",
            "Yes: in {tables_with} of the {tables} other tables.",
        ),
    ),
    "readable": Wording(
        Text("Zijn antwoorden leesbaar vóór de opening?", "Can answers be read before the opening?"),
        Text(
            "Nee. {ballots} antwoorden en {drafts} concepten zijn verzegeld. De database onthoudt wel bij welke"
            " verzending een verzegeld antwoord hoort; daarom moet het verzegeld zijn.",
            "No. {ballots} answers and {drafts} drafts are sealed. The database does remember which sending a sealed"
            " answer belongs to; that is why it has to be sealed.",
        ),
        Text(
            "Ja: {readable} antwoorden of concepten zijn nu leesbaar.",
            "Yes: {readable} answers or drafts can be read now.",
        ),
    ),
    "lengths": Wording(
        Text(
            "Verraadt de lengte van een verzegeld antwoord iets?",
            "Does the length of a sealed answer tell anything?",
        ),
        Text(
            "Nee. {ballots} verzegelde antwoorden hebben {ballot_sizes} lengte(n), {drafts} concepten hele blokken.",
            "No. {ballots} sealed answers have {ballot_sizes} length(s), {drafts} drafts whole blocks.",
        ),
        Text(
            "Ja: {ballot_sizes} verschillende lengtes, of een andere dan is vastgelegd.",
            "Yes: {ballot_sizes} different lengths, or another one than was laid down.",
        ),
    ),
    "transactions": Wording(
        Text(
            "Zijn antwoorden en personen door dezelfde transactie geschreven?",
            "Were answers and people written by the same transaction?",
        ),
        Text(
            "Nee. {rows} leesbare antwoorden zijn door {transactions} transactie(s) geschreven; geen daarvan"
            " schreef ook bij een persoon.",
            "No. {rows} readable answers were written by {transactions} transaction(s); none of them wrote with a"
            " person too.",
        ),
        Text(
            "Ja: {matched} antwoorden delen hun transactie met een persoon, {near} liggen er één vanaf, en"
            " {transactions} transacties schreven {rows} antwoorden (dat mag er één zijn).",
            "Yes: {matched} answers share their transaction with a person, {near} lie next to one, and {transactions}"
            " transactions wrote {rows} answers (it may be one).",
        ),
    ),
    "statements": Wording(
        Text(
            "Schrijft de databaseserver in een logbestand wie wanneer verzond?",
            "Does the database server write in a log who sent when?",
        ),
        Text(
            "Nee. Van {settings} instellingen laat er geen een opdrachten opschrijven.",
            "No. Of {settings} settings none lets statements be written down.",
        ),
        Text(
            "Ja: {writing} instellingen laten opdrachten opschrijven, met het tijdstip. Zet ze uit en gooi de logbestanden"
            " van de server weg (docs/relink.md noemt ze).",
            "Yes: {writing} settings let statements be written down, with their moment. Turn them off and destroy the"
            " logs of the server (docs/relink.md names them).",
        ),
    ),
    "order": Wording(
        Text(
            "Verraadt de volgorde waarin antwoorden zijn opgeslagen wanneer ze binnenkwamen?",
            "Does the order in which answers are stored tell when they came in?",
        ),
        Text(
            "Nee. {rows} antwoorden liggen op volgorde van hun toevallige nummer (samenhang {by_ids}; in de"
            " bestanden {in_files}).",
            "No. {rows} answers lie in order of their random ids (correlation {by_ids}; in the files {in_files}).",
        ),
        Text(
            "Dat kan: {not_random} van {rows} nummers zijn niet toevallig, of de volgorde is een andere dan die van"
            " de nummers (samenhang {by_ids}; in de bestanden {in_files}).",
            "It may: {not_random} of {rows} ids are not random, or the order is another than that of the ids"
            " (correlation {by_ids}; in the files {in_files}).",
        ),
    ),
    "open_answers": Wording(
        Text(
            "Is te vinden bij welke andere antwoorden een antwoord in eigen woorden hoort?",
            "Can it be found which other answers an answer in own words belongs to?",
        ),
        Text(
            "Nee. {rows} teksten staan apart onder een willekeurig nummer; elk kan van 5 of meer mensen zijn.",
            "No. {rows} texts stand apart under a random id; each may be of 5 people or more.",
        ),
        Text(
            "Ja: {shared} delen een nummer, {not_random} zijn geteld, {in_responses} staan erbij, {few} zijn van enkelen.",
            "Yes: {shared} share an id, {not_random} are counted, {in_responses} stand beside, {few} are of a few.",
        ),
    ),
    "pairing": Wording(
        Text(
            "Klopt het vaker dan toeval, als we de zoveelste persoon naast het zoveelste antwoord leggen?",
            "Laying each person beside the answer of the same place: is that right more often than by chance?",
        ),
        Text(
            "Nee. Van {rows} paren hoort {hits} bij dezelfde groep; door toeval zouden dat er {expected} zijn.",
            "No. Of {rows} pairs {hits} are of the same class; by chance that would be {expected}.",
        ),
        Text(
            "Ja: van {rows} paren hoort {hits} bij dezelfde groep, tegen {expected} door toeval.",
            "Yes: of {rows} pairs {hits} are of the same class, against {expected} by chance.",
        ),
    ),
    "drafts": Wording(
        Text(
            "Zijn er na de sluiting nog concepten of codes om verder te gaan?",
            "Are there drafts, or codes to go on with them, after the close?",
        ),
        Text("Nee, geen.", "No, none."),
        Text(
            "Ja: {drafts} concepten en {codes} codes. De worker wist ze; draait hij?",
            "Yes: {drafts} drafts and {codes} codes. The worker removes them; does it run?",
        ),
    ),
    "classes": Wording(
        Text(
            "Is er een groep die zo klein is dat een antwoord één persoon aanwijst?",
            "Is there a class so small that an answer points out one person?",
        ),
        Text(
            "Nee. De kleinste van {classes} groepen telt {smallest} mensen.",
            "No. The smallest of {classes} classes has {smallest} people.",
        ),
        Text(
            "Ja: {small} van {classes} groepen tellen minder dan 5 mensen, de kleinste {smallest}.",
            "Yes: {small} of {classes} classes have fewer than 5 people, the smallest {smallest}.",
        ),
    ),
    "counts": Wording(
        Text(
            "Volgt uit de getoonde tellingen, of uit hun verschil, of één persoon meedeed?",
            "Does it follow from the counts shown, or their differences, whether one person took part?",
        ),
        Text(
            "Nee. {rows} getoonde rijen van {days} dagen zijn onderling afgetrokken.",
            "No. {rows} rows shown, of {days} days, were subtracted from each other.",
        ),
        Text(
            "Ja: {small} rijen zijn te klein en {differences} verschillen tussen rijen ook.",
            "Yes: {small} rows are too small, and {differences} differences between rows are too.",
        ),
    ),
}
