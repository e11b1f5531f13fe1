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
_STATA_TEXTS = (f"str{length}" for length in range(1, 2046))
_R = "repeat next break inf nan na t f"
_SQL = """
    select from where join on order having union table column columns values insert update delete create drop
    alter case when then end is like between exists distinct limit offset user primary key index set
    default check unique references foreign grant view desc asc cross natural left right inner outer full
    add analyse analyze anti any array asof asymmetric at authorization autoincrement binary both cast collate
    collation commit concurrently constraint cube current_catalog current_date current_path current_role
    current_schema current_time current_timestamp current_user deallocate deferrable describe do escape except
    execute extract fetch freeze generated glob grouping ilike initially intersect into isnull lambda lateral
    leading listagg localtime localtimestamp map minus normalize nothing notnull only overlaps pivot pivot_longer
    pivot_wider placing positional prepare qualify recursive returning rollup semi session_user show similar skip
    some struct summarize symmetric system_user tablesample trailing transaction trim try_cast tuple uescape
    unnest unpack unpivot variadic verbose window
"""
_FORMS = """
    data errors meta form_errors process post_process validate populate_obj csrf_token hidden_tag is_submitted
    validate_on_submit
"""

RESERVED: frozenset[str] = frozenset(
    [*f"{_CONDITIONS} {_DATASET} {_SPSS} {_STATA} {_R} {_SQL} {_FORMS}".split(), *_STATA_TEXTS]
)
"""Words of the condition language, of our datasets, of SPSS, Stata, R and SQL, and of web forms.

Of SQL those that PostgreSQL, SQLite, DuckDB, Spark or Trino take no column for without quotes.
"""

RESERVED_PREFIX = "validate_"
"""WTForms takes `validate_x` for the check of field `x`."""
