"""The demonstration's list of people: as large as that of 2015, and plainly invented."""

import csv
import io

INVITED = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
"""The column *sent* of the 2015 response table; it adds up to 193, not to the 190 printed there."""

ORGANISATIONS = {
    "ib": "basisschool De Verzonnen Vuurtoren",
    "zoco": "Verzonnen College",
    "jeugdhulp": "Stichting Verzonnen Jeugdhulp",
    "beleid_gem": "gemeente Verzonnendam",
    "swv": "samenwerkingsverband Verzonnen",
}


def make_frame() -> bytes:
    """Return the list as the CSV file a coordinator would import."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["naam", "e-mail", "functie", "organisatie", "taal"])
    for role, count in INVITED.items():
        for number in range(1, count + 1):
            # Now and then somebody who reads English, so that both languages are used.
            language = "en" if number % 20 == 0 else "nl"
            host = f"{role.replace('_', '-')}-{number:03}.example"
            writer.writerow(
                [f"Persoon {number}", f"post@{host}", role, f"{ORGANISATIONS[role]} {number}", language]
            )
    return out.getvalue().encode()
