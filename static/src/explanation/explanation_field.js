import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatNumber, formatShare } from "../numbers";

// Models whose `action_open_source` opens the records behind a value.
const MODELS_WITH_SOURCE = ["key.account", "key.account.evaluation.line"];

const isNumber = (value) => typeof value === "number";

/**
 * Why a customer has the score he has: each criterion with the value that was found,
 * what it was worth, and what it added. A click on a value opens its records.
 */
export class ExplanationField extends Component {
    static template = "key_account.ExplanationField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.formatNumber = formatNumber;
        this.isNumber = isNumber;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** A preview without a customer has nothing to say; a customer may have no data. */
    get saysNoData() {
        return !this.value && this.props.record.resModel !== "key.account.scheme";
    }

    get labels() {
        return {
            name: _t("Measure"),
            raw: _t("Value"),
            earlier: _t("Last Time"),
            range: _t("0 → 100 Points at"),
            sub: _t("Sub-score"),
            weight: _t("Weight"),
            points: _t("Points"),
        };
    }

    get coverage() {
        return _t("Data for %(share)s of the weights", {
            share: formatShare(this.value.coverage || 0),
        });
    }

    get hasEarlier() {
        return this.value.rows.some((row) => isNumber(row.earlier));
    }

    get totalWeight() {
        return this.value.rows.reduce((sum, row) => sum + row.weight, 0);
    }

    get canOpen() {
        const { resModel, resId } = this.props.record;
        return Boolean(resId) && MODELS_WITH_SOURCE.includes(resModel);
    }

    windowText(row) {
        if (!row.window) {
            return "";
        }
        return row.window === 1
            ? _t("1 month")
            : _t("%(count)s months", { count: row.window });
    }

    openLabel(row) {
        return _t("%(measure)s: %(value)s. Open the records behind it", {
            measure: row.name,
            value: formatNumber(row.raw),
        });
    }

    /** Where the value went since the last evaluation, and whether that is good. */
    trend(row) {
        if (!isNumber(row.raw) || !isNumber(row.earlier) || row.raw === row.earlier) {
            return null;
        }
        const rose = row.raw > row.earlier;
        const isGood = rose === row.target >= row.floor;
        const arrow = rose ? "fa-arrow-up" : "fa-arrow-down";
        const color = isGood ? "text-success" : "text-danger";
        return {
            class: [arrow, color].join(" "),
            label: rose ? _t("Has risen since") : _t("Has fallen since"),
        };
    }

    /** Below the floor of a gate, or without data for it. */
    failsGate(row) {
        if (!row.gate) {
            return false;
        }
        if (!isNumber(row.raw)) {
            return true;
        }
        return row.target < row.floor ? row.raw > row.floor : row.raw < row.floor;
    }

    async openSource(row) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_source", [
            [resId],
            row.id,
        ]);
        await this.action.doAction(action);
    }
}

export const explanationField = {
    component: ExplanationField,
    displayName: _t("Explanation of a Score"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("key_account_explanation", explanationField);
