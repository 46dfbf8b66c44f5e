def list_columns(records):
    """Return the names of the fields that Odoo reads together, when one is asked for.

    Given to ``search_fetch``, they save a page the second query, for the values of what
    the first has found.
    """
    return [
        name
        for name, field in records._fields.items()
        if field.store and field.column_type and field.prefetch is True
    ]
