/**
 * A quarter of commission: signed, shared, closed, computed, objected to, approved, paid
 * and released. Every step finds its way by names, so that the tours walk in any language.
 */
import { registry } from "@web/core/registry";
import * as step from "./steps";

const tours = registry.category("web_tour.tours");
const { click } = step;
const NEW_ROW = '.o_field_widget[name="split_ids"] .o_data_row:nth-child(2).o_selected_row';
const NO_DIALOG = { trigger: "body:not(:has(.modal))" };

/** Presses a button of the status bar by its name; phones may keep it in a menu. */
function press(name) {
    const button = `button[name="${name}"]:enabled:visible`;
    return [
        { trigger: ".o_form_view .o_statusbar_buttons" },
        click(".o_statusbar_buttons button:has(.oi-ellipsis-v)", {
            isActive: ["mobile", `body:not(:has(.o_statusbar_buttons ${button}))`],
        }),
        click(`.o_statusbar_buttons ${button}, .o-dropdown-item-unstyled-button ${button}`),
    ];
}

function pressAndConfirm(name) {
    return [...press(name), click(".modal footer .btn-primary"), NO_DIALOG, seeGone(name)];
}

/** Waits until a step has been taken: its button is gone. */
function seeGone(name) {
    return { trigger: `.o_form_view:not(:has(.o_statusbar_buttons button[name="${name}"]))` };
}

function write(name, text, root = ".modal") {
    const field = `${root} .o_field_widget[name="${name}"]`;
    return { trigger: `${field} input, ${field} textarea`, run: `edit ${text} && press Tab` };
}

function choose(name, text, root) {
    const field = `${root} .o_field_widget[name="${name}"]`;
    return [
        { trigger: `${field} input`, run: `edit ${text}`, isActive: ["desktop"] },
        click(`.o-autocomplete--dropdown-item:contains("${text}")`, { isActive: ["desktop"] }),
        click(`${field} input`, { isActive: ["mobile"] }),
        click(`.modal .o_kanban_record:contains("${text}")`, { isActive: ["mobile"] }),
        { trigger: `body:not(:has(.modal .o_kanban_record:contains("${text}")))` },
    ];
}

// --- Salespeople ---

/** The order is signed, and its contract stands beside it. */
tours.add("key_account_commission_sign", {
    steps: () => [
        ...press("action_confirm"),
        seeGone("action_confirm"),
        ...step.pressSmart("action_open_key_account_deals"),
        step.openRecord("Nordlicht"),
        { trigger: '.o_form_view .o_field_widget[name="measure_amount"]:contains("150,000")' },
    ],
});

/** Bo gets a part: a row of the list, or a dialog on the phone. */
tours.add("key_account_commission_split", {
    steps: () => [
        click('.o_field_widget[name="split_ids"] .o_data_row .o_data_cell[name="share"]', {
            isActive: ["desktop"],
        }),
        write("share", "70", ".o_selected_row"),
        step.addLine("split_ids"),
        ...choose("user_id", "ka_bo", NEW_ROW),
        write("share", "30", NEW_ROW),
        // the server has said what becomes of the shares
        { trigger: '.o_form_view .o_field_widget[name="split_state"] .text-bg-warning' },
        click(".o_form_button_save"),
        // who leaves a page has saved it
        click(".o_breadcrumb .o_back_button a, .o_breadcrumb a:last"),
        { trigger: "body:not(:has(.o_form_view))" },
    ],
});

tours.add("key_account_commission_agree", {
    steps: () => [
        { trigger: ".o_form_view .alert-warning:visible" },
        ...press("action_agree"),
        seeGone("action_agree"),
        { trigger: '.o_form_view .o_field_widget[name="split_state"] .text-bg-success' },
    ],
});

tours.add("key_account_commission_forecast", {
    steps: () => [
        ...step.openMenu("commission_menu", "commission_forecast_menu"),
        { trigger: '.o_form_view .o_field_widget[name="expected"]:contains("1,680")' },
        {
            trigger:
                '.o_form_view [name="line_ids"] .o_data_row:contains("Nordlicht"),' +
                ' .o_form_view [name="line_ids"] .o_kanban_record:contains("Nordlicht")',
        },
    ],
});

tours.add("key_account_commission_object", {
    steps: () => [
        step.openRecord("ka_bo"),
        { trigger: '.o_form_view .o_field_widget[name="payable"]:contains("648")' },
        click(
            '.o_field_widget[name="entry_ids"] .o_data_row button[name="action_dispute"]:first,' +
                ' .o_field_widget[name="entry_ids"] .o_kanban_record button[name="action_dispute"]:first'
        ),
        { trigger: ".modal .o_form_view" },
        write("reason", "We said 35."),
        click('.modal button[name="action_object"]'),
        NO_DIALOG,
        { trigger: ".o_form_view .alert-danger:visible" },
    ],
});

tours.add("key_account_commission_acknowledge", {
    steps: () => [
        step.openRecord("ka_ann"),
        ...press("action_acknowledge"),
        seeGone("action_acknowledge"),
    ],
});

// --- Officers ---

tours.add("key_account_commission_close", {
    steps: () => [
        ...step.openMenu("commission_menu", "commission_close_menu"),
        { trigger: ".modal .o_form_view" },
        click('.modal button[name="action_close"]'),
        NO_DIALOG,
        {
            trigger:
                '.o_list_view .o_data_row:contains("105,000"),' +
                ' .o_kanban_view .o_kanban_record:contains("105,000")',
        },
    ],
});

tours.add("key_account_commission_run", {
    steps: () => [
        ...press("action_compute"),
        seeGone("action_cancel_nothing"),
        ...pressAndConfirm("action_submit"),
        { trigger: '.o_form_view .o_field_widget[name="gross"]:contains("2,400")' },
    ],
});

tours.add("key_account_commission_answer", {
    steps: () => [
        step.openRecord("ka_bo"),
        ...press("action_ask_decision"),
        { trigger: ".modal .o_form_view" },
        click('.modal .o_field_widget[name="accepted"] input[data-value="no"]'),
        write("answer", "You agreed to 30."),
        click('.modal button[name="action_answer"]'),
        NO_DIALOG,
        seeGone("action_ask_decision"),
    ],
});

tours.add("key_account_commission_approve", {
    steps: () => pressAndConfirm("action_approve"),
});

tours.add("key_account_commission_pay", {
    steps: () => pressAndConfirm("action_mark_paid"),
});

/** What if the first slab paid more? */
tours.add("key_account_commission_what_if", {
    steps: () => [
        ...step.openMenu("commission_menu", "commission_scenario_menu"),
        ...press("action_compare"),
        {
            trigger:
                '.o_form_view [name="line_ids"] .o_data_row:contains("ka_ann"),' +
                ' .o_form_view [name="line_ids"] .o_kanban_record:contains("ka_ann")',
        },
    ],
});

/** The second run gives back what the first one kept. */
tours.add("key_account_commission_release", {
    steps: () => [
        ...press("action_compute"),
        { trigger: '.o_form_view .o_field_widget[name="released"]:contains("240")' },
    ],
});
