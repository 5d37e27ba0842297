/**
 * Enquiries and complaints, from the first ring of the telephone to the satisfied
 * customer. Every step finds its way by names, so that the tours walk in any language.
 */
import { registry } from "@web/core/registry";
import * as step from "./steps";

const tours = registry.category("web_tour.tours");
const { click } = step;
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

/** Writes into a field of the dialog that is open. */
function write(name, text, root = ".modal") {
    const field = `${root} .o_field_widget[name="${name}"]`;
    return { trigger: `${field} input, ${field} textarea`, run: `edit ${text} && press Tab` };
}

/** Says in the small form of a step what it takes, and takes it. */
function confirmStep(words) {
    return [
        ...(words ? [write("words", words)] : []),
        click('.modal button[name="action_confirm"]:visible'),
        NO_DIALOG,
    ];
}

/** Presses a button that asks for words, and gives them. */
function say(name, words) {
    return [...press(name), { trigger: ".modal .o_form_view" }, ...confirmStep(words)];
}

/** Chooses a record in the dialog; phones show cards to choose from. */
function choose(name, text, root = ".modal") {
    const field = `${root} .o_field_widget[name="${name}"]`;
    return [
        { trigger: `${field} input`, run: `edit ${text}`, isActive: ["desktop"] },
        click(`.o-autocomplete--dropdown-item:contains("${text}")`, { isActive: ["desktop"] }),
        click(`${field} input`, { isActive: ["mobile"] }),
        click(`.modal .o_kanban_record:contains("${text}")`, { isActive: ["mobile"] }),
        { trigger: `body:not(:has(.modal .o_kanban_record:contains("${text}")))` },
    ];
}


/** Waits until a step has been taken: its button is gone. */
function seeGone(name) {
    return { trigger: `.o_form_view:not(:has(.o_statusbar_buttons button[name="${name}"]))` };
}

function chooseMark(name, value) {
    return click(`.modal .o_field_widget[name="${name}"] input[data-value="${value}"]`);
}

// --- Hotline ---

tours.add("key_account_ticket_hotline", {
    steps: () => [
        ...step.openMenu("tickets_menu", "hotline_menu"),
        write("caller", "021 5550 7788"),
        { trigger: '.modal .o_key_account_person:contains("Ms Lin")' },
        { trigger: '.modal .o_key_account_caller:contains("Aurora Fairs")' },
        { trigger: '.modal .o_key_account_known_ticket:contains("No water")' },
        write("words", "Where is gate 3?"),
        write("answer", "Behind hall 5."),
        click('.modal button[name="action_answer"].btn-primary'),
        NO_DIALOG,
    ],
});

// --- Enquiry ---

tours.add("key_account_ticket_ask", {
    steps: () => [
        ...press("action_accept"),
        ...press("action_consult"),
        ...choose("department_id", "Workshop"),
        write("question", "Which carpet is that?"),
        click(".modal .o_form_button_save"),
        NO_DIALOG,
        step.openPage("questions"),
        {
            trigger:
                '.o_key_account_parts .o_data_row:contains("Which carpet"),' +
                ' .o_key_account_parts .o_kanban_record:contains("Which carpet")',
        },
        ...press("action_hold"),
        { trigger: ".modal .o_form_view" },
        chooseMark("hold_reason", "organiser"),
        ...confirmStep("The drawing of the hall"),
        { trigger: '.o_form_view [name="hold"]:contains("The drawing of the hall")' },
        step.seeNone('button[name="action_approve_hold"]', '.o_form_view [name="hold"]'),
    ],
});

tours.add("key_account_ticket_answer", {
    steps: () => [
        step.openRecord("Which carpet is that?"),
        step.seeNone('button[name="action_open_ticket"]', ".o_form_view .o_statusbar_buttons"),
        write("answer", "Carpet 402.", ".o_form_view"),
        ...press("action_answer"),
        seeGone("action_answer"),
    ],
});

tours.add("key_account_ticket_approve_hold", {
    steps: () => [
        click('.o_form_view button[name="action_approve_hold"]'),
        { trigger: 'body:not(:has(button[name="action_approve_hold"]))' },
        ...press("action_resume"),
        { trigger: 'body:not(:has(.o_form_view [name="hold"]:visible))' },
    ],
});

/** On a phone: answer, close, and hand the next one over, in a few taps each. */
tours.add("key_account_ticket_taps", {
    steps: () => [
        ...press("action_reply"),
        { trigger: ".modal .o_form_view" },
        click('.modal .o_field_widget[name="is_settled"] input'),
        ...confirmStep("Gate 3, behind hall 5."),
        ...press("action_close"),
        { trigger: ".modal .o_form_view" },
        ...confirmStep(),
        seeGone("action_close"),
    ],
});

tours.add("key_account_ticket_hand_over", {
    steps: () => [
        ...press("action_hand_over"),
        { trigger: ".modal .o_form_view" },
        ...choose("to_user_id", "ka_leader"),
        ...confirmStep("He knows the hall."),
        { trigger: '.o_form_view .o_field_widget[name="user_id"]:contains("ka_leader")' },
    ],
});

// --- Complaint ---

tours.add("key_account_ticket_plan", {
    steps: () => [
        ...press("action_accept"),
        ...press("action_investigate"),
        step.openPage("investigation"),
        click('.o_form_view button[name="action_add_investigation"]'),
        ...choose("department_id", "Workshop"),
        write("finding", "The file was of last year."),
        click(".modal .o_form_button_save"),
        NO_DIALOG,
        {
            trigger:
                '.o_key_account_parts .o_data_row:contains("last year"),' +
                ' .o_key_account_parts .o_kanban_record:contains("last year")',
        },
        ...choose("cause_id", "Wrong fascia", ".o_form_view"),
        ...choose("responsible_department_id", "Workshop", ".o_form_view"),
        ...press("action_plan"),
        step.openPage("plan"),
        click('.o_form_view button[name="action_add_measure"]'),
        write("name", "Print it anew"),
        ...choose("user_id", "ka_builder"),
        click('.modal .o_field_widget[name="due_on"] input, .modal .o_field_widget[name="due_on"] button'),
        click(".o_datetime_picker .o_today"),
        click(".modal .o_form_button_save"),
        NO_DIALOG,
        { trigger: '.o_key_account_parts:contains("Print it anew")' },
        ...press("action_submit"),
        seeGone("action_submit"),
    ],
});

tours.add("key_account_ticket_reject", {
    steps: () => [
        step.openPage("plan"),
        { trigger: '.o_key_account_parts:contains("Print it anew")' },
        ...say("action_reject", "Offer him something as well."),
        seeGone("action_reject"),
    ],
});

tours.add("key_account_ticket_submit", {
    steps: () => [...press("action_submit"), seeGone("action_submit")],
});

tours.add("key_account_ticket_approve", {
    steps: () => [
        ...press("action_approve"),
        click(".modal footer .btn-primary"),
        NO_DIALOG,
        seeGone("action_approve"),
    ],
});

tours.add("key_account_ticket_agree", {
    steps: () => [...say("action_customer_accept", "All right."), seeGone("action_customer_accept")],
});

tours.add("key_account_ticket_done", {
    steps: () => [
        step.openRecord("Print it anew"),
        ...press("action_done"),
        seeGone("action_done"),
    ],
});

/** The customer is not satisfied: the complaint is planned again. */
tours.add("key_account_ticket_dissatisfied", {
    steps: () => [
        ...press("action_done"),
        ...press("action_record_satisfaction"),
        { trigger: ".modal .o_form_view" },
        chooseMark("satisfaction", "dissatisfied"),
        ...confirmStep("It is crooked."),
        ...press("action_submit"),
        seeGone("action_submit"),
        step.openPage("promises"),
        { trigger: ".o_key_account_promise" },
        click(".o_key_account_promise:first"),
        { trigger: '.modal .o_field_widget[name="event_ids"] .o_data_row, .modal .o_field_widget[name="event_ids"] .o_kanban_record' },
        click(".modal .btn-close, .modal .o_form_button_cancel"),
        NO_DIALOG,
    ],
});

tours.add("key_account_ticket_close", {
    steps: () => [
        ...say("action_customer_accept", "Good."),
        ...press("action_done"),
        ...press("action_record_satisfaction"),
        { trigger: ".modal .o_form_view" },
        chooseMark("satisfaction", "satisfied"),
        ...confirmStep("Thank you."),
        ...press("action_close"),
        seeGone("action_close"),
        { trigger: '.o_statusbar_buttons button[name="action_reopen"], .o_statusbar_buttons button:has(.oi-ellipsis-v)' },
    ],
});

/** The person a complaint is about reads it, and is offered nothing to do. */
tours.add("key_account_ticket_accused", {
    steps: () => [
        { trigger: '.o_form_view .o_field_widget[name="number"]' },
        step.seeNone(
            ".o_statusbar_buttons button[name^=action_]",
            ".o_form_view .o_notebook_headers"
        ),
        step.seeNone('.o_notebook_headers a[name="plan"]', ".o_notebook_headers"),
    ],
});
