import { registry } from "@web/core/registry";

import * as step from "./steps";

const tours = registry.category("web_tour.tours");
const MATRIX = ".o_key_account_matrix";
const RECORDS =
    ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record:not(.o_kanban_ghost)";
const ROW = ".o_key_account_row";

/** On a desktop a criterion is a row of the list, on a phone a dialog. */
function addCriterion({ measure, ...numbers }) {
    const roots = [".modal .o_form_view", ".o_selected_row"];
    return [
        step.addLine("criterion_ids"),
        ...step.pick(roots, "measure", measure),
        ...step.fill(roots, numbers),
        step.click(".modal .o_form_button_save:not(.o_form_button_save_new)", {
            isActive: ["mobile"],
        }),
        step.click(".o_form_view .oe_title", { isActive: ["desktop"] }),
        { trigger: "body:not(:has(.modal)):not(:has(.o_selected_row))" },
        { trigger: `[name="criterion_ids"]:contains("${measure}")` },
    ];
}

function addTier({ is_key, ...values }) {
    return [
        step.addLine("tier_ids"),
        ...step.fill(".modal", values),
        ...(is_key ? step.tick(".modal", "is_key") : []),
        ...step.saveDialog(),
        { trigger: `[name="tier_ids"]:contains("${values.name}")` },
    ];
}

function makeScheme() {
    return [
        ...step.openMenu("tiers_menu", "scheme_menu"),
        step.seeTitle("Tier Schemes"),
        step.click(".o_list_button_add, .o-kanban-button-new"),
        ...step.fill(".o_form_view", { name: "Tiers of the Tour" }),
        ...addCriterion({
            measure: "Net Revenue",
            weight: 100,
            floor: 0,
            target: 100000,
        }),
        step.openPage("tiers"),
        ...addTier({
            name: "Gold",
            code: "A",
            enter_score: 60,
            keep_score: 50,
            is_key: true,
        }),
        { trigger: '[name="tier_ids"] .badge:contains("Key")', isActive: ["mobile"] },
        ...addTier({ name: "Silver", code: "B", enter_score: 0, keep_score: 0 }),
    ];
}

function trySchemeOn(customer, score, tier) {
    return [
        step.openPage("preview"),
        ...step.choose("preview_account_id", customer),
        { trigger: `.o_key_account_score:contains("${score}")` },
        { trigger: `.o_key_account_tier:contains("${tier}")` },
        step.click(".o_form_button_save"),
        { trigger: ".o_form_saved" },
    ];
}

function simulate() {
    return [
        ...step.press("Evaluate Customers"),
        { trigger: '.o_field_widget[name="date"]' },
        ...step.press("Simulate"),
        step.seeState("Simulated"),
        { trigger: `${MATRIX} button[aria-label^="From No tier yet to Gold: 1,"]` },
        { trigger: `${MATRIX} button[aria-label^="From No tier yet to Silver: 2,"]` },
    ];
}

/** From a cell of the matrix to the invoices behind a score. */
function explain() {
    return [
        step.click(`${MATRIX} button[aria-label^="From No tier yet to Gold"]`),
        step.openRecord("Aurora Fairs"),
        { trigger: '.o_key_account_score:contains("80")' },
        step.seeExactly(1, ROW),
        { trigger: `${ROW} .o_key_account_name:contains("Net Revenue")` },
        { trigger: `${ROW} .o_key_account_points:contains("80")` },
        step.click(`${ROW} .o_key_account_raw button:contains("80,000")`),
        step.seeTitle("Aurora Fairs: Net Revenue"),
        step.seeExactly(2, RECORDS),
        step.goBack(),
        { trigger: `.o_form_view ${ROW}` },
        step.goBack(),
        { trigger: ".o_list_view, .o_kanban_view" },
        step.goBack(),
        { trigger: MATRIX },
    ];
}

tours.add("key_account_grade", {
    steps: () => [
        ...makeScheme(),
        ...trySchemeOn("Aurora Fairs", 80, "Gold"),
        ...step.press("Publish"),
        ...step.confirm("Publish this scheme?"),
        step.seeState("Live"),
        ...simulate(),
        ...explain(),
        ...step.press("Submit to Committee"),
        step.seeState("In Review"),
        { trigger: '.alert:contains("Whoever submitted it does not approve it")' },
        step.seeNone("button[name=action_approve]", ".o_statusbar_buttons"),
    ],
});

tours.add("key_account_decide", {
    steps: () => [
        ...step.openMenu("tiers_menu", "evaluation_menu"),
        step.seeTitle("Evaluations"),
        step.openRecord("Tiers of the Tour"),
        step.seeState("In Review"),
        { trigger: '.alert:contains("Your turn")' },
        ...step.press("Vote Yes"),
        { trigger: '.alert:contains("Your turn") [name="yes_count"]:contains("1")' },
        ...step.press("Approve"),
        ...step.confirm("Approve in the name of the committee?"),
        step.seeState("Approved"),
    ],
});

tours.add("key_account_apply", {
    steps: () => [
        ...step.openMenu("tiers_menu", "evaluation_menu"),
        step.openRecord("Tiers of the Tour"),
        ...step.press("Apply"),
        ...step.confirm("Give every customer the tier decided here?"),
        step.seeState("Applied"),
        ...step.press("Print List"),
        { trigger: "body:not(.o_ui_blocked)" },
        ...step.pressSmart("action_open_key_accounts"),
        step.seeExactly(1, RECORDS),
        step.openRecord("Aurora Fairs"),
        { trigger: `.o_form_view ${ROW}` },
        ...step.pressSmart("action_open_account"),
        ...seeWhy("Aurora Fairs"),
        ...step.pressSmart("action_open_partner"),
        step.seeRibbon("Key Account"),
        ...step.pressSmart("action_open_account", ':contains("Gold")'),
        step.openPage("reasons"),
        { trigger: `.o_form_view ${ROW}` },
    ],
});

/** The page of an account says at once what it is and why. */
function seeWhy(customer) {
    return [
        { trigger: `.o_form_view h1 [name="name"]:contains("${customer}")` },
        step.seeRibbon("Key Account"),
        { trigger: '[name="tier_id"] .text-bg-warning:contains("Gold")' },
        step.openPage("reasons"),
        { trigger: '.o_key_account_score:contains("80")' },
        step.seeExactly(1, ROW),
    ];
}

tours.add("key_account_contacts", {
    steps: () => [
        ...step.openApp("contacts.menu_contacts"),
        step.seeTitle("Contacts"),
        ...step.search("filter", "Key Accounts"),
        ...step.search("group_by", "Tier"),
        step.click('.o_group_name:contains("Gold (1)")', { isActive: ["desktop"] }),
        { trigger: '.o_kanban_header:contains("Gold")', isActive: ["mobile"] },
        step.seeExactly(1, RECORDS),
        step.openRecord("Aurora Fairs"),
        step.seeRibbon("Key Account"),
    ],
});

tours.add("key_account_read", {
    steps: () => [
        ...step.openMenu("accounts_menu", "account_menu"),
        step.seeTitle("Accounts"),
        step.openRecord("Aurora Fairs"),
        ...seeWhy("Aurora Fairs"),
        step.seeNone(".o_statusbar_buttons button", ".o_form_view"),
        step.seeNone(".o_form_button_create, .o_form_button_save", ".o_form_view"),
        step.openPage("requests"),
        step.seeNone(
            ".tab-pane button[name^=action_]:not([name^=action_open_])",
            ".o_notebook_content"
        ),
        step.openPage("reasons"),
        step.click(`${ROW} .o_key_account_raw button`),
        step.seeExactly(2, RECORDS),
        ...step.openMenu("tiers_menu", "scheme_menu"),
        step.openRecord("Tiers of the Tour"),
        step.seeState("Live"),
        step.seeNone(".o_statusbar_buttons button", ".o_form_view"),
        step.seeNone(".o_error_dialog, .o_notification", ".o_form_view"),
    ],
});
