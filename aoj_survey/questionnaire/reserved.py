"""Codes an item cannot have, because they are taken where the code will be used.

An edition is frozen, so a code that breaks a later export could never be mended.
"""

_CONDITIONS = """
    true false null in as break const continue else for function if import let loop package namespace
    return var void while role group sector region language
"""
_DATASET = """
    wave instrument questionnaire edition stratum pop_n w_region w_all municipality swv organisation weight
"""
_SPSS = "all and by eq ge gt le lt ne not or to with"
_STATA = "byte double float int long using strl"
_R = "repeat next break inf nan na t f"
_SQL = """
    select from where join on order having union table column values insert update delete create drop
    alter case when then end is like between exists distinct limit offset user primary key index set
    default check unique references foreign grant view desc asc cross natural left right inner outer full
"""
_FORMS = """
    data errors meta form_errors process post_process validate populate_obj csrf_token hidden_tag is_submitted
    validate_on_submit
"""

RESERVED: frozenset[str] = frozenset(
    f"{_CONDITIONS} {_DATASET} {_SPSS} {_STATA} {_R} {_SQL} {_FORMS}".split()
)
"""Words of the condition language, of our datasets, of SPSS, Stata, R and SQL, and of web forms."""

RESERVED_PREFIX = "validate_"
"""WTForms takes `validate_x` for the check of field `x`."""
