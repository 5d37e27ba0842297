import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What a file lacks, each thing a link to the place where it is filled in. Where the
 * reader cannot mend it himself, it is named and says who can.
 */
export class MissingItemsField extends Component {
    static template = "key_account.MissingItemsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    canMend(item) {
        return item.mend && Boolean(this.props.record.resId);
    }

    hint(item) {
        return _t("%(item)s is missing. %(where)s", {
            item: item.label,
            where: item.where,
        });
    }

    async mend(item) {
        const { record } = this.props;
        // what somebody is typing is kept before another page opens
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_mend_item", [
            [record.resId],
            item.code,
        ]);
        await this.action.doAction(action);
    }
}

export const missingItemsField = {
    component: MissingItemsField,
    displayName: _t("Missing Items of a File"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("key_account_missing_items", missingItemsField);
