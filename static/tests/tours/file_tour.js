/**
 * The file of a customer, from opening it to taking its data out of the house. Every
 * step finds its way by names, so that the tours walk in any language.
 */
import { registry } from "@web/core/registry";
import * as step from "./steps";

const tours = registry.category("web_tour.tours");
const FORM = ".o_form_view:not(.modal *)";

/** Presses a button of the status bar by its name; phones may keep it in a menu. */
function press(name) {
    const button = `button[name="${name}"]:enabled`;
    return [
        { trigger: ".o_statusbar_buttons" },
        step.click(".o_statusbar_buttons button:has(.oi-ellipsis-v)", {
            isActive: ["mobile", `body:not(:has(.o_statusbar_buttons ${button}))`],
        }),
        step.click(
            `.o_statusbar_buttons ${button}, .o-dropdown-item-unstyled-button ${button}`
        ),
    ];
}

function write(name, text) {
    const field = `${FORM} .o_field_widget[name="${name}"]`;
    return { trigger: `${field} input, ${field} textarea`, run: `edit ${text}` };
}

tours.add("key_account_file_open", {
    steps: () => [
        step.openRecord("Aurora Fairs"),
        step.openPage("people"),
        { trigger: '.o_field_widget[name="stakeholder_ids"]:contains("Ms Lin")' },
        step.click('button[name="action_open_chart"]:visible'),
        { trigger: '.o_hierarchy_view .o_hierarchy_node:contains("Mr Qian")' },
        { trigger: '.o_hierarchy_view .o_hierarchy_node:contains("Ms Lin")' },
        step.goBack(),
        step.openPage("needs"),
        {
            trigger: '.o_field_widget[name="needs"] textarea:value("Quiet rooms")',
        },
    ],
});

tours.add("key_account_file_staff", {
    steps: () => [
        step.openPage("team"),
        step.click(".tab-pane.active button.btn-secondary:not([name=action_add_member])"),
        {
            trigger: '.modal .o_field_widget[name="template_id"] input',
            run: "edit East",
            isActive: ["desktop"],
        },
        step.click('.o-autocomplete--dropdown-item:contains("East")', {
            isActive: ["desktop"],
        }),
        step.click('.modal .o_field_widget[name="template_id"] input', {
            isActive: ["mobile"],
        }),
        step.click('.modal .o_kanban_record:contains("East")', { isActive: ["mobile"] }),
        {
            trigger:
                '.modal .o_field_widget[name="line_ids"] .o_data_row, ' +
                '.modal .o_field_widget[name="line_ids"] .o_kanban_record:not(.o_kanban_ghost)',
        },
        step.click('.modal button[name="action_staff"]'),
        { trigger: "body:not(:has(.modal))" },
        step.openPage("team"),
        { trigger: '.o_field_widget[name="current_member_ids"]:contains("ka_chair")' },
    ],
});

tours.add("key_account_file_closed", {
    steps: () => [
        { trigger: '[name="closed_file"]:visible' },
        step.seeNone('.o_notebook_headers a[name="people"]', ".o_notebook_headers"),
        step.seeNone('.o_notebook_headers a[name="needs"]', ".o_notebook_headers"),
        step.seeNone('button[name="action_verify"]', ".o_notebook_headers"),
    ],
});

tours.add("key_account_file_request", {
    steps: () => [
        step.click(".o_list_button_add, .o-kanban-button-new"),
        write("purpose", "Invitations to Shenzhen"),
        write("content", "Names and addresses"),
        step.click(".o_form_button_save"),
        { trigger: ".o_form_saved" },
        ...press("action_submit"),
        { trigger: "body:not(:has(button[name=action_submit]))" },
    ],
});

tours.add("key_account_file_approve", {
    steps: () => [
        ...press("action_approve"),
        { trigger: "body:not(:has(button[name=action_approve]))" },
    ],
});

tours.add("key_account_file_export", {
    steps: () => [
        step.click(".o_list_view thead .o_list_record_selector input"),
        step.click(".o_cp_action_menus .dropdown-toggle:has(.fa-cog)"),
        step.click(".o-dropdown--menu .o-dropdown-item:has(.fa-upload)"),
        step.click(".o_export_data_dialog ~ footer .o_select_button, .modal .o_select_button"),
        { trigger: ".modal .o_select_button:enabled" },
    ],
});
