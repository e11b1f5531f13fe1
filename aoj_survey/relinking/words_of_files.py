"""The words of attempts on what lies in files: the database as a whole, its logs, copies and keys."""

from .words import Text, Wording

WORDINGS: dict[str, Wording] = {
    "database": Wording(
        Text(
            "Staan er werkende links, adressen of organisaties van de lijst in de database, met haar gewiste delen?",
            "Are there working links, addresses or organisations of the list in the database, erased parts included?",
        ),
        Text(
            "Nee. In {files} delen is gezocht naar {sought_links} links, {sought_addresses} adressen en"
            " {sought_organisations} organisaties.",
            "No. {files} parts were searched for {sought_links} links, {sought_addresses} addresses and"
            " {sought_organisations} organisations.",
        ),
        Text(
            "Ja: {links} links, {addresses} adressen en {organisations} organisaties, in {files_with} van {files} delen.",
            "Yes: {links} links, {addresses} addresses and {organisations} organisations, in {files_with} of {files} parts.",
        ),
    ),
    "write_ahead_log": Wording(
        Text(
            "Koppelt het transactielogboek van PostgreSQL een leesbaar antwoord aan een persoon, of noemt het iemand?",
            "Does PostgreSQL's write-ahead log link a readable answer to a person, or name one?",
        ),
        Text(
            "Nee. Van {segments} bestanden zijn er {read} op transactie gelezen. Het logboek vertelt van {moments}"
            " verzendingen wie en wanneer, en houdt {ballots} verzegelde antwoorden vast; wat erin staat, leest alleen"
            " wie de sleutel van de stembus heeft, zolang die er is.",
            "No. Of {segments} files {read} were read by transaction. Of {moments} sendings the log tells who and when,"
            " and it holds {ballots} sealed answers; only whoever has the key of the box can read those, while it"
            " exists.",
        ),
        Text(
            "Ja: {matched} transacties schreven een leesbaar antwoord en bij een persoon; {links} links, {addresses}"
            " adressen en {organisations} organisaties staan in {segments} bestanden.",
            "Yes: {matched} transactions wrote a readable answer and with a person; {links} links, {addresses} addresses"
            " and {organisations} organisations stand in {segments} files.",
        ),
    ),
    "backup": Wording(
        Text(
            "Staan er werkende links, adressen of organisaties van de lijst in de reservekopie?",
            "Are there working links, addresses or organisations of the list in the backup?",
        ),
        Text(
            "Nee. Er is gezocht naar {sought_links} links, {sought_addresses} adressen en {sought_organisations}"
            " organisaties.",
            "No. It was searched for {sought_links} links, {sought_addresses} addresses and {sought_organisations}"
            " organisations.",
        ),
        Text(
            "Ja: {links} links, {addresses} adressen en {organisations} organisaties.",
            "Yes: {links} links, {addresses} addresses and {organisations} organisations.",
        ),
    ),
    "logs": Wording(
        Text(
            "Staat er in de logbestanden wie wanneer meedeed, of wat iemand antwoordde?",
            "Do the log files say who took part when, or what somebody answered?",
        ),
        Text(
            "Nee. In {files} bestanden staat geen link, adres, organisatie, nummer, pad van de vragenlijst of antwoord, en"
            " geen IP-adres of browser bij een pagina van de vragenlijst.",
            "No. In {files} files there is no link, address, organisation, id, path of the questionnaire or answer, and"
            " no IP address or browser beside a page of the questionnaire.",
        ),
        Text(
            "Ja: {links} links, {addresses} adressen, {organisations} organisaties, {ids} nummers, {paths} paden van de"
            " vragenlijst, {visits} regels met een IP-adres of browser daarbij en {answers} antwoorden, in {files_with} van {files}"
            " bestanden.",
            "Yes: {links} links, {addresses} addresses, {organisations} organisations, {ids} ids, {paths} paths of the"
            " questionnaire, {visits} lines with an IP address or browser beside one and {answers} answers, in {files_with} of"
            " {files} files.",
        ),
    ),
    "files": Wording(
        Text(
            "Ligt er bij de installatie een bestand met links, adressen, organisaties of nummers, zoals een lijst die is"
            " blijven liggen?",
            "Does a file of the installation hold links, addresses, organisations or ids, such as a list that was left?",
        ),
        Text("Nee. {files} bestanden zijn doorzocht.", "No. {files} files were searched."),
        Text(
            "Ja: {links} links, {addresses} adressen, {organisations} organisaties en {ids} nummers, in {files_with} van"
            " {files} bestanden. Haal die weg, ook uit reservekopieën.",
            "Yes: {links} links, {addresses} addresses, {organisations} organisations and {ids} ids, in {files_with} of"
            " {files} files. Remove those, from backups too.",
        ),
    ),
    "leftovers": Wording(
        Text(
            "Zijn er na de opening nog verzegelde antwoorden over, ook in gewiste delen?",
            "Are sealed answers left after the opening, in erased parts too?",
        ),
        Text(
            "Nee: 0 rijen, en 0 sporen in {files} delen.",
            "No: 0 rows, and 0 traces in {files} parts.",
        ),
        Text(
            "Ja: {rows} rijen en {traces} sporen in {files} delen. Met een sleutel van vroeger en een oude volgorde"
            " zijn ze te koppelen. De worker herschrijft de tabellen; draait hij?",
            "Yes: {rows} rows and {traces} traces in {files} parts. With a key of before and an old order they can be"
            " linked. The worker rewrites the tables; does it run?",
        ),
    ),
    "old_backup": Wording(
        Text(
            "Kan een oudere reservekopie nog worden geopend, nu de sleutel is vernietigd?",
            "Can an older backup still be opened, now that the key is destroyed?",
        ),
        Text(
            "Nee. {keys} sleutels die er nog zijn, openden geen van {ballots} verzegelde antwoorden.",
            "No. {keys} keys that are still there opened none of {ballots} sealed answers.",
        ),
        Text(
            "Ja: {opened} van {ballots} verzegelde antwoorden gingen open. Ergens is de sleutel bewaard gebleven.",
            "Yes: {opened} of {ballots} sealed answers opened. The key was kept somewhere.",
        ),
    ),
    "purge": Wording(
        Text(
            "Is na de opruimdag nog te lezen wie er gevraagd zijn, ook uit de reservekopie?",
            "Can it still be read after the purge who were asked, from the backup too?",
        ),
        Text(
            "Nee. Er zijn geen rijen en sleutels meer, en van {sealed} verzegelde adressen in de reservekopie gingen"
            " er {opened} open.",
            "No. Rows and keys are gone, and of {sealed} sealed addresses in the backup {opened} opened.",
        ),
        Text(
            "Ja: er zijn nog {rows} rijen en {keys} sleutels, en in de reservekopie gingen {opened} van {sealed}"
            " adressen open. De worker ruimt op; draait hij? En ligt er een kopie van de sleutels?",
            "Yes: {rows} rows and {keys} keys are left, and of {sealed} addresses in the backup {opened} opened. The"
            " worker purges; does it run? And is there a copy of the keys?",
        ),
    ),
    "key_holder": Wording(
        Text(
            "Wat kan wie ook de sleutels heeft? (Dit is geen fout; het staat in de privacyverklaring.)",
            "What can whoever has the keys do as well? (This is no failure; the privacy statement says it.)",
        ),
        Text(
            "Niets meer: van {people} mensen is geen adres te lezen, en geen antwoord is te openen.",
            "Nothing any more: of {people} people no address can be read, and no answer can be opened.",
        ),
        Text(
            "Lezen wie er gevraagd zijn ({addresses} van {people}), {opened} verzegelde antwoorden openen, en"
            " {matched} daarvan bij een persoon leggen. Daarom liggen sleutels buiten de database en gewone"
            " reservekopieën, en gaan ze na opening en opruimdag weg.",
            "Read who were asked ({addresses} of {people}), open {opened} sealed answers, and lay {matched} of those"
            " beside a person. That is why keys lie outside the database and ordinary backups, and go after opening"
            " and purge.",
        ),
        by_key_holder=True,
    ),
}
