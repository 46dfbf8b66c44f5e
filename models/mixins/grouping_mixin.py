from odoo import api, models
from odoo.tools import SQL, Query


class Groups(Query):
    """A query of groups that are counted already: it has only their own columns."""


class GroupingMixin(models.AbstractModel):
    """Groups are counted first, and then brought into the order of their names.

    Odoo joins the table of the groups to each row, only to sort the few groups by their
    names: a count of all requests of each service would read the service for each
    request, and no index alone could answer it.

    Nothing that is summed up makes PostgreSQL sort the rows: it counts them as they
    come, and needs memory for the groups alone.
    """

    _name = "beneficiary.grouping.mixin"
    _description = "Groups in Order"

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Do the same as Odoo's method, with the joins after the grouping."""
        if any(":" in spec for spec in groupby):  # takes months for as many as moments
            self._prepare_grouping()
        if having or not self._is_ordered_by_names(groupby, order):
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        self.browse().check_access("read")
        query = self._search(domain)
        if query.is_empty():
            return []
        # A name that SQL takes for each column; those of fields stay, to be ordered by.
        names = {
            spec: spec if spec in self._fields else f"group_{number}"
            for number, spec in enumerate(groupby)
        }
        groups = {
            spec: self._read_group_groupby(self._table, spec, query) for spec in groupby
        }
        query.groupby = SQL(", ").join(groups.values())
        columns = {names[spec]: sql for spec, sql in groups.items()}
        for number, spec in enumerate(aggregates):
            columns[f"aggregate_{number}"] = self._read_group_select(spec, query)
        counted = query.select(
            *(
                SQL("%s AS %s", sql, SQL.identifier(name))
                for name, sql in columns.items()
            )
        )
        result = Groups(self.env, self._table, SQL("(%s)", counted))
        terms = {spec: SQL.identifier(self._table, names[spec]) for spec in groupby}
        result.order = self._read_group_orderby(order, terms, result)
        result.limit, result.offset = limit, offset
        rows = self.env.execute_query(
            result.select(*(SQL.identifier(self._table, name) for name in columns))
        )
        if not rows:
            return []
        values = zip(*rows, strict=True)
        read = [
            self._read_group_postprocess_groupby(spec, next(values)) for spec in groupby
        ]
        read += [
            self._read_group_postprocess_aggregate(spec, next(values))
            for spec in aggregates
        ]
        return list(zip(*read, strict=True))

    @api.model
    def _read_grouping_sets(self, *args, **kwargs):
        self._prepare_grouping()
        return super()._read_grouping_sets(*args, **kwargs)

    @api.model
    def _prepare_grouping(self):
        """Prepare PostgreSQL for groups of all rows of a table."""
        self.env["beneficiary.reading.mixin"]._prepare_reading()

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Tell the currencies of a group without sorting its rows (R43).

        A record has the currency of its association: there are few to look for.
        """
        name, _colon, function = aggregate_spec.partition(":")
        field = self._fields.get(name)
        is_own = field and field.related == "company_id.currency_id"
        if function != "array_agg_distinct" or not is_own:
            return super()._read_group_select(aggregate_spec, query)
        currency = self._field_to_sql(self._table, name, query)
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search_fetch([], ["currency_id"], order="id")
        found = [
            SQL("CASE WHEN bool_or(%s = %s) THEN %s END", currency, one, one)
            for one in sorted(companies.currency_id.ids)
        ]
        return SQL(
            "array_remove(ARRAY[%(found)s], NULL) || CASE"
            " WHEN bool_or(%(currency)s IS NULL) THEN ARRAY[NULL::integer] END",
            found=SQL(", ").join(found),
            currency=currency,
        )

    @api.model
    def _is_ordered_by_names(self, groupby, order):
        """Whether groups are ordered by themselves, and by names of records.

        :param groupby: as :meth:`_read_group` takes it
        :param order: as :meth:`_read_group` takes it
        """
        terms = [part.split()[0] for part in (order or "").split(",") if part.strip()]
        if not terms or not set(terms) <= set(groupby):
            return False
        fields = [self._fields[term] for term in terms if term in self._fields]
        return all(field.store for field in fields) and any(
            field.type == "many2one" and self.env[field.comodel_name]._order != "id"
            for field in fields
        )
