import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatMinutes } from "../durations";

/** Minutes of working time in hours and minutes: days have no length at work. */
export class MinutesField extends Component {
    static template = xml`<span t-out="text"/>`;
    static props = { ...standardFieldProps };

    get text() {
        const minutes = this.props.record.data[this.props.name];
        return minutes ? formatMinutes(minutes) : "";
    }
}

export const minutesField = {
    component: MinutesField,
    displayName: _t("Minutes in Words"),
    supportedTypes: ["integer"],
    isEmpty: (record, name) => !record.data[name],
};

registry.category("fields").add("key_account_minutes", minutesField);
