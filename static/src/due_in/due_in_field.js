import { Component } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatSpan, useNow } from "../durations";

const RESTING = {
    held: { text: _t("On hold"), icon: "fa-pause-circle", tone: "text-info" },
    done: { text: _t("Nothing due"), icon: "fa-check-circle", tone: "text-muted" },
    none: { text: _t("No promise"), icon: "fa-circle-o", tone: "text-muted" },
};
const LATE = { icon: "fa-exclamation-circle", tone: "text-danger" };
const SOON = { icon: "fa-hourglass-end", tone: "text-warning-emphasis" };
const ON_TIME = { icon: "fa-clock-o", tone: "" };

/**
 * What is due and how soon, in words that keep up with the time: "First reply in 1 h
 * 20 min", "Resolve late by 3 h". A word and an icon say what the colour says.
 */
export class DueInField extends Component {
    static template = "key_account.DueInField";
    static props = {
        ...standardFieldProps,
        what: { type: String, optional: true },
        state: { type: String, optional: true },
    };

    setup() {
        this.now = useNow();
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get state() {
        return this.props.state && this.props.record.data[this.props.state];
    }

    get isLate() {
        return this.due && this.now() >= this.due;
    }

    get look() {
        if (!this.due) {
            return RESTING[this.state] || { text: "", icon: "", tone: "" };
        }
        const look = this.isLate ? LATE : this.state === "soon" ? SOON : ON_TIME;
        return { ...look, text: this.text };
    }

    get text() {
        const { due, what } = this;
        const time = this.isLate ? formatSpan(due, this.now()) : formatSpan(this.now(), due);
        if (what) {
            return this.isLate
                ? _t("%(what)s late by %(time)s", { what, time })
                : _t("%(what)s in %(time)s", { what, time });
        }
        return this.isLate ? _t("Late by %s", time) : _t("In %s", time);
    }

    /** The name of the promise, where the record knows which one it is. */
    get what() {
        const { what, record } = this.props;
        const options = (what && record.fields[what].selection) || [];
        const option = options.find(([key]) => key === record.data[what]);
        return option ? option[1] : "";
    }

    get title() {
        return this.due ? _t("Due %s", toLocaleDateTimeString(this.due)) : "";
    }
}

export const dueInField = {
    component: DueInField,
    displayName: _t("Time Left"),
    supportedTypes: ["datetime"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ what: options.what, state: options.state }),
    fieldDependencies: ({ options }) =>
        ["what", "state"]
            .filter((option) => options[option])
            .map((option) => ({ name: options[option], type: "selection" })),
};

registry.category("fields").add("key_account_due_in", dueInField);
