"""What the report says beside an outcome, and why an attempt was not made, in Dutch and English."""

from .words import Text

NOTES: dict[str, Text] = {
    "no_answers": Text(
        "Er zijn geen leesbare antwoorden van deze regio: de stembus is niet geopend, of samen met die van andere.",
        "There are no readable answers of this region: the box was not opened, or together with others.",
    ),
    "nothing_sealed": Text(
        "Er zijn geen verzegelde antwoorden of concepten.", "There are no sealed answers or drafts."
    ),
    "no_open_answers": Text(
        "Er zijn geen antwoorden in eigen woorden: de stembus is niet geopend, of niemand schreef iets.",
        "There are no answers in own words: the box was not opened, or nobody wrote any.",
    ),
    "opened": Text(
        "De stembus is geopend: antwoorden zijn nu leesbaar, zoals bedoeld.",
        "The box was opened: answers can be read now, as is meant.",
    ),
    "sqlite": Text(
        "SQLite bewaart niet welke transactie een rij schreef.",
        "SQLite does not keep which transaction wrote a row.",
    ),
    "sqlite_statements": Text(
        "SQLite schrijft geen opdrachten op.",
        "SQLite writes no statements down.",
    ),
    "log_elsewhere": Text(
        "De server bewaart dit logboek ook elders (een archief of een tweede server). Geef dat archief mee met --wal.",
        "The server keeps this log elsewhere too (an archive or another server). Give that archive by --wal.",
    ),
    "log_moved": Text(
        "De server gaf bestanden van dit logboek intussen een andere naam; daarin is niet gezocht. Probeer het nog eens.",
        "The server renamed files of this log in the meantime; those were not searched. Try again.",
    ),
    "packed_pages": Text(
        "De server pakt hele bladzijden van dit logboek in (wal_compression); daarin is niet gezocht.",
        "The server packs whole pages of this log (wal_compression); those were not searched.",
    ),
    "no_list": Text(
        "De lijst is er niet (meer): er is niemand om antwoorden naast te leggen.",
        "There is no list (any more): nobody to lay answers beside.",
    ),
    "one_class": Text(
        "Alle antwoorden horen bij één groep, of er zijn er te weinig; dan zegt deze proef niets.",
        "All answers are of one class, or there are too few; then this test tells nothing.",
    ),
    "no_contact_key": Text(
        "Naar adressen is niet gezocht: de sleutel van de adressen is vernietigd, ontbreekt of is niet te lezen.",
        "Addresses were not sought: the key of the addresses was destroyed, is missing or cannot be read.",
    ),
    "no_link_key": Text(
        "De sleutel van de links is vernietigd, ontbreekt of is niet te lezen; links zijn alleen aan hun kenmerk herkend.",
        "The key of the links was destroyed, is missing or cannot be read; links were known by their hash only.",
    ),
    "nothing_to_seek": Text(
        "Lijst en sleutels zijn vernietigd of ontbreken: er is niets meer om naar te zoeken.",
        "List and keys were destroyed or are missing: there is nothing to seek any more.",
    ),
    "rows_only": Text(
        "De bestanden van de databaseserver zijn hier niet te lezen; alleen de rijen zijn bekeken.",
        "The files of the database server cannot be read from here; only rows were looked at.",
    ),
    "sqlite_log": Text(
        "SQLite heeft geen logboek van transacties; wat naast het bestand ligt, is met de database doorzocht.",
        "SQLite has no log of transactions; what lies beside its file was searched with the database.",
    ),
    "no_log": Text(
        "Het transactielogboek is hier niet te lezen en niet meegegeven (--wal).",
        "The write-ahead log cannot be read from here, and was not given (--wal).",
    ),
    "no_dump_log": Text(
        "Er is geen pg_waldump die dit logboek kan lezen: transacties zijn niet naast elkaar gelegd.",
        "There is no pg_waldump that can read this log: transactions were not laid beside each other.",
    ),
    "no_backup": Text("Er is geen reservekopie meegegeven (--backup).", "No backup was given (--backup)."),
    "unreadable_backup": Text(
        "Deze reservekopie is ingepakt door pg_dump. Maak er een in gewone tekst: pg_dump --format=plain.",
        "This backup was packed by pg_dump. Make one in plain text: pg_dump --format=plain.",
    ),
    "strange_backup": Text(
        "In deze reservekopie staat niets van deze deelname: zij is van een andere database of een ander moment, of"
        " ingepakt of versleuteld op een manier die hier niet wordt gelezen.",
        "This backup holds nothing of this participation: it is of another database or moment, or was packed or"
        " encrypted in a way that is not read here.",
    ),
    "no_ballots": Text(
        "In de reservekopie zit geen verzegeld antwoord van deze stembus. Geef er een van tussen de eerste"
        " verzending en de opening.",
        "The backup holds no sealed answer of this box. Give one made between the first sending and the opening.",
    ),
    "no_list_in_backup": Text(
        "In de reservekopie zit de lijst van deze deelname niet. Geef er een van voor de opruimdag.",
        "The backup does not hold the list of this participation. Give one made before the purge.",
    ),
    "unread_files": Text(
        "Sommige bestanden van de database mag deze gebruiker niet lezen; daarin is niet gezocht.",
        "This user may not read some files of the database; those were not searched.",
    ),
    "no_files": Text(
        "De bestanden van de installatie zijn niet meegegeven.",
        "The files of the installation were not given.",
    ),
    "unread_others": Text(
        "Sommige bestanden van de installatie zijn niet te lezen; daarin is niet gezocht.",
        "Some files of the installation cannot be read; those were not searched.",
    ),
    "empty_logs": Text(
        "De meegegeven logbestanden zijn leeg (--logs).", "The log files that were given are empty (--logs)."
    ),
    "packed_logs": Text(
        "Sommige logbestanden zijn ingepakt op een manier die hier niet wordt gelezen (zstd, lz4, 7-Zip, journald)."
        " Pak ze eerst uit; journalctl schrijft gewone tekst.",
        "Some log files were packed in a way that is not read here (zstd, lz4, 7-Zip, journald). Unpack them first;"
        " journalctl writes plain text.",
    ),
    "no_purge_yet": Text("De opruimdag is nog niet geweest.", "The day of the purge has not passed."),
    "no_logs": Text("Er zijn geen logbestanden meegegeven (--logs).", "No log files were given (--logs)."),
    "still_running": Text("De deelname loopt nog.", "The participation still runs."),
    "not_opened": Text("De stembus is niet geopend.", "The box was not opened."),
    "key_exists": Text(
        "De sleutel van de stembus is er nog; hij gaat weg als de bundel is nagekeken, uiterlijk na zeven dagen.",
        "The key of the box is still there; it goes once the bundle was verified, after seven days at most.",
    ),
    "no_classes": Text("Er zijn nog geen groepen vastgelegd.", "No classes have been laid down yet."),
    "no_counts": Text("Er zijn nog geen tellingen getoond.", "No counts have been shown yet."),
}

GAPS = frozenset(
    {
        *("no_contact_key", "no_link_key", "nothing_to_seek", "rows_only", "unread_files"),
        *("no_log", "no_dump_log", "log_elsewhere", "log_moved", "packed_pages"),
        *("no_files", "unread_others", "no_logs", "empty_logs", "packed_logs"),
        *("no_backup", "unreadable_backup", "strange_backup", "no_ballots", "no_list_in_backup"),
    }
)
"""The notes that tell of something an attacker may have, or may find, and this program did not look at."""
