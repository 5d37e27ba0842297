import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatCompactAmount, formatDifference, formatNumber } from "../numbers";

const sum = (items, key) => items.reduce((total, item) => total + item[key], 0);

/**
 * What an evaluation would change: the matrix from tier to tier with customers and
 * revenue, and the capacity that the tiers take now and then. A click on a cell lists
 * its customers.
 */
export class MatrixField extends Component {
    static template = "key_account.MatrixField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.formatNumber = formatNumber;
        this.formatDifference = formatDifference;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get currencyId() {
        return this.props.record.data.currency_id?.id || false;
    }

    get hasResult() {
        return Boolean(this.value && this.value.cells.length);
    }

    /** Columns and rows of the matrix with their cells and totals. */
    get matrix() {
        const { cells } = this.value;
        const tiers = this.rankedTiers;
        const from = this.axis(tiers, "from", _t("No tier yet"));
        const to = this.axis(tiers, "to", _t("No tier"));
        const total = (some) => ({
            count: sum(some, "count"),
            revenue: sum(some, "revenue"),
        });
        return {
            columns: to.map((tier) => ({
                ...tier,
                total: total(cells.filter((cell) => cell.to === tier.id)),
            })),
            rows: from.map((tier) => ({
                ...tier,
                cells: to.map((other) => this.makeCell(tier, other)),
                total: total(cells.filter((cell) => cell.from === tier.id)),
            })),
            total: total(cells),
        };
    }

    /** Tiers come best first; one of an earlier version ranks as its namesake. */
    get rankedTiers() {
        const names = this.value.tiers.map((tier) => tier.name);
        return this.value.tiers.map((tier, index) => {
            const rank = names.indexOf(tier.name);
            return { ...tier, rank, isOld: rank !== index };
        });
    }

    get capacity() {
        const names = new Map(this.value.tiers.map((tier) => [tier.id, tier.name]));
        const rows = this.value.capacity
            .filter((row) => row.count || row.now || !this.isOld(row.id))
            .map((row) => ({ ...row, name: names.get(row.id) }));
        return {
            rows,
            count: sum(rows, "count"),
            now: sum(rows, "now"),
            then: sum(rows, "then"),
        };
    }

    isOld(tierId) {
        return this.rankedTiers.some((tier) => tier.id === tierId && tier.isOld);
    }

    axis(tiers, side, noneLabel) {
        const used = new Set(this.value.cells.map((cell) => cell[side]));
        const shown = tiers.filter((tier) => !tier.isOld || used.has(tier.id));
        return used.has(false)
            ? [...shown, { id: false, name: noneLabel, rank: null }]
            : shown;
    }

    makeCell(from, to) {
        const cell = this.value.cells.find(
            (cell) => cell.from === from.id && cell.to === to.id
        );
        const kind = this.kind(from, to);
        return {
            key: `${from.id}-${to.id}`,
            kind,
            count: 0,
            ...cell,
            from,
            to,
            label: cell && this.cellLabel(cell, from, to, kind),
        };
    }

    kind(from, to) {
        if (from.id === false || to.id === false) {
            return from.id === to.id ? "same" : "other";
        }
        return to.rank === from.rank ? "same" : to.rank < from.rank ? "up" : "down";
    }

    cellLabel(cell, from, to, kind) {
        const values = {
            count: formatNumber(cell.count),
            from: from.name,
            to: to.name,
            revenue: formatMonetary(cell.revenue, { currencyId: this.currencyId }),
        };
        if (kind === "up") {
            return _t("Promoted from %(from)s to %(to)s: %(count)s, %(revenue)s", values);
        }
        if (kind === "down") {
            return _t("Demoted from %(from)s to %(to)s: %(count)s, %(revenue)s", values);
        }
        return _t("From %(from)s to %(to)s: %(count)s, %(revenue)s", values);
    }

    formatRevenue(amount) {
        return formatCompactAmount(amount, this.currencyId);
    }

    async openCell(cell) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_cell", [
            [resId],
            cell.from.id,
            cell.to.id,
        ]);
        await this.action.doAction(action);
    }
}

export const matrixField = {
    component: MatrixField,
    displayName: _t("Matrix from Tier to Tier"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    fieldDependencies: [
        { name: "currency_id", type: "many2one", relation: "res.currency" },
    ],
};

registry.category("fields").add("key_account_matrix", matrixField);
