import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Record } from "@web/model/record";
import { Field } from "@web/views/fields/field";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useRecordVersion } from "../record_version";

/**
 * A field that is costly to compute, read when its page of the form is opened instead of
 * with the form.
 */
export class LaterWidget extends Component {
    static template = "key_account.LaterWidget";
    static components = { Field, Record };
    static props = { ...standardWidgetProps, name: String, widget: String };

    setup() {
        this.version = useRecordVersion();
    }

    get resId() {
        return this.props.record.resId || undefined;
    }
}

registry.category("view_widgets").add("key_account_later", {
    component: LaterWidget,
    extractProps: ({ options }) => ({ name: options.field, widget: options.widget }),
});
