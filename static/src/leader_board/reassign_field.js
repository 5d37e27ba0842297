import { KanbanMany2OneAvatarUserField } from "@mail/views/web/fields/many2one_avatar_user_field/kanban_many2one_avatar_user_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KanbanMany2One } from "@web/views/fields/many2one/many2one";

/** The picture of whoever has the record, or a place for one, is a button that looks for another. */
class ReassignMany2One extends KanbanMany2One {
    static template = "key_account.ReassignMany2One";

    get title() {
        const { value } = this.props;
        return value ? _t("%s: hand over", value.display_name) : _t("Give it to somebody");
    }
}

export class ReassignField extends KanbanMany2OneAvatarUserField {
    static template = "key_account.ReassignField";
    static components = { ...KanbanMany2OneAvatarUserField.components, ReassignMany2One };

    get m2oProps() {
        const props = super.m2oProps;
        const update = async (value, options) => {
            await props.update(value, options);
            // what is counted by handler is counted again
            this.props.record.model.notify();
        };
        return { ...props, update };
    }
}

const fields = registry.category("fields");
fields.add("key_account_reassign", {
    ...fields.get("kanban.many2one_avatar_user"),
    component: ReassignField,
    displayName: _t("Hand Over"),
});
