import { Component, useChildSubEnv } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDefaultConfig, View } from "@web/views/view";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useRecordVersion } from "../record_version";

/**
 * The records of another model that belong to this one, as its own list (cards on a
 * phone), read when its page of the form is opened instead of with the form. A click
 * opens a record with its buttons; what happens there is seen here and on the form, or
 * leads to its own page.
 */
export class PartsWidget extends Component {
    static template = "key_account.PartsWidget";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        model: String,
        link: String,
        isPage: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.version = useRecordVersion();
        // views, pager and title of the page around are not those of the list
        useChildSubEnv({ config: getDefaultConfig() });
    }

    get resId() {
        return this.props.record.resId;
    }

    get context() {
        return { in_ticket: true };
    }

    get viewProps() {
        const { isSmall } = this.env;
        const ofKind = isSmall
            ? { forceGlobalClick: true }
            : { allowSelectors: false, allowOpenAction: false };
        return {
            ...ofKind,
            type: isSmall ? "kanban" : "list",
            resModel: this.props.model,
            domain: [[this.props.link, "=", this.resId]],
            context: this.context,
            display: { controlPanel: false },
            loadIrFilters: false,
            noBreadcrumbs: true,
            selectRecord: (resId) => this.open(resId),
        };
    }

    /** Opens a part, in a dialog or on its page, after what is typed has been kept. */
    async open(resId) {
        const { record, model, isPage } = this.props;
        if (!(await record.save())) {
            return;
        }
        if (isPage) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: resId,
                views: [[false, "form"]],
            });
            return;
        }
        this.dialog.add(
            FormViewDialog,
            { resModel: model, resId, context: this.context, canExpand: false },
            { onClose: () => record.load() }
        );
    }
}

registry.category("view_widgets").add("key_account_parts", {
    component: PartsWidget,
    extractProps: ({ options }) => ({
        model: options.model,
        link: options.link,
        isPage: Boolean(options.page),
    }),
});
