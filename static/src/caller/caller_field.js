import { Component } from "@odoo/owl";
import {
    deserializeDateTime,
    toLocaleDateString,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const link = (id, name) => ({ id, display_name: name });

/**
 * Who calls, and what is going on with him: people to choose from, or the customer with
 * his tickets, contracts, projects and last talks. What is clicked goes into the form.
 */
export class CallerField extends Component {
    static template = "key_account.CallerField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get found() {
        return this.props.record.data[this.props.name] || {};
    }

    get people() {
        return this.found.people || [];
    }

    get tickets() {
        return this.found.tickets || [];
    }

    isChosen(field, id) {
        return this.props.record.data[field]?.id === id;
    }

    date(text) {
        return toLocaleDateString(deserializeDateTime(text));
    }

    moment(text) {
        return toLocaleDateTimeString(deserializeDateTime(text));
    }

    ticketLine(ticket) {
        const parts = [ticket.state, ticket.handler];
        if (ticket.is_open && ticket.due) {
            parts.push(
                ticket.is_late
                    ? _t("late since %s", this.moment(ticket.due))
                    : _t("due %s", this.moment(ticket.due))
            );
        }
        return parts.filter(Boolean).join(" · ");
    }

    choosePerson(person) {
        return this.props.record.update({ partner_id: link(person.id, person.name) });
    }

    forgetPerson() {
        return this.props.record.update({ partner_id: false });
    }

    chooseContract(contract) {
        if (this.isChosen("order_id", contract.id)) {
            return this.props.record.update({ order_id: false });
        }
        return this.props.record.update({
            order_id: link(contract.id, contract.name),
            show_name: contract.show,
            stand_no: contract.stand,
        });
    }

    chooseProject(project) {
        const chosen = this.isChosen("project_id", project.id);
        return this.props.record.update({
            project_id: chosen ? false : link(project.id, project.name),
        });
    }

    open(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

export const callerField = {
    component: CallerField,
    displayName: _t("Who Calls"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    fieldDependencies: [
        { name: "partner_id", type: "many2one", relation: "res.partner" },
        { name: "order_id", type: "many2one", relation: "sale.order" },
        { name: "project_id", type: "many2one", relation: "project.project" },
    ],
};

registry.category("fields").add("key_account_caller", callerField);
