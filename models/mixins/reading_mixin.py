from odoo import api, models

MEMORY = "128MB"
PAGE_COST = "1.1"


class ReadingMixin(models.AbstractModel):
    """Rows of many records at once: reports, whose query reads whole tables."""

    _name = "beneficiary.reading.mixin"
    _description = "Rows That Are Read by the Thousand"

    @api.model
    def _prepare_reading(self, sorts=True):
        """Tell PostgreSQL, for this transaction, how to read many rows at once.

        To compile such a query takes longer than to run it, its steps fit into memory,
        and an index that has all that is asked is read from one end to the other.

        :param sorts: False where rows are only counted: PostgreSQL takes alike rows for
            rare, and would sort all of them
        """
        self.env.cr.execute(
            "SELECT set_config('jit', 'off', TRUE), set_config('work_mem', %s, TRUE),"
            " set_config('random_page_cost', %s, TRUE),"
            " set_config('enable_sort', %s, TRUE)",
            [MEMORY, PAGE_COST, "on" if sorts else "off"],
        )

    def _search(self, *args, **kwargs):
        self._prepare_reading()
        return super()._search(*args, **kwargs)
