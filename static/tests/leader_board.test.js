import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

class Ticket extends models.Model {
    _name = "key.account.ticket";

    name = fields.Char();
    user_id = fields.Many2one({ relation: "res.users" });
    sla_state = fields.Selection({
        selection: [
            ["late", "Late"],
            ["ok", "On Time"],
        ],
    });

    _records = [
        { id: 1, name: "Dark stand", sla_state: "late", user_id: serverState.userId },
        { id: 2, name: "Wrong logo", sla_state: "ok", user_id: false },
    ];
}

defineMailModels();
defineModels([Ticket]);

const ARCH = `
    <kanban js_class="key_account_leader_board" default_group_by="sla_state">
        <templates>
            <t t-name="card">
                <field name="name"/>
                <field name="user_id" widget="key_account_reassign"/>
            </t>
        </templates>
    </kanban>`;
const SEARCH = `
    <search>
        <filter name="late" string="Late" domain="[('sla_state', '=', 'late')]"/>
    </search>`;
const FIGURES = [
    { key: "late", label: "Late", value: 1, tone: "danger", filter: "late" },
    { key: "holds", label: "Holds", value: 0, tone: "info", action: "key_account.holds" },
];

const mountBoard = async () => {
    onRpc("key.account.ticket", "get_leader_board", () => {
        expect.step("figures");
        return FIGURES;
    });
    await mountView({
        type: "kanban",
        resModel: "key.account.ticket",
        arch: ARCH,
        searchViewArch: SEARCH,
    });
    await runAllTimers();
    expect.verifySteps(["figures"]);
};

test("shows its figures above the board, and one of nothing is not loud", async () => {
    await mountBoard();
    expect(queryAllTexts(".o_key_account_figures button")).toEqual(["1\nLate", "0\nHolds"]);
    expect(".o_key_account_figures button.bg-danger-subtle").toHaveCount(1);
    expect(".o_key_account_figures button.bg-secondary-subtle").toHaveCount(1);
});

test("a figure filters the board and says so; pressed again, it shows everything", async () => {
    await mountBoard();
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
    const late = ".o_key_account_figures button:first";
    await contains(late).click();
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(1);
    expect(late).toHaveAttribute("aria-pressed", "true");
    await contains(late).click();
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
    expect(late).toHaveAttribute("aria-pressed", "false");
    await runAllTimers();
    expect.verifySteps(["figures"]);
});

test("a figure opens what it counts", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    await mountBoard();
    await contains(".o_key_account_figures button:last").click();
    expect.verifySteps(["key_account.holds"]);
});

test("a tap on who handles a ticket hands it over, and the figures follow", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(`user ${args[1].user_id}`);
    });
    await mountBoard();
    await contains(".o_kanban_record:contains(Wrong logo) .o_key_account_reassign").click();
    await contains(".o_popover .o-autocomplete--dropdown-item:contains(Mitchell Admin)").click();
    await runAllTimers();
    expect(".o_popover").toHaveCount(0);
    expect.verifySteps([`user ${serverState.userId}`, "figures"]);
});
