import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Ticket extends models.Model {
    _name = "key.account.ticket";

    note = fields.Char();
    _records = [{ id: 5, note: "One" }];
}

class Measure extends models.Model {
    _name = "key.account.ticket.measure";

    name = fields.Char();
    ticket_id = fields.Many2one({ relation: "key.account.ticket" });
    _records = [
        { id: 1, name: "Print anew", ticket_id: 5 },
        { id: 2, name: "Of another", ticket_id: false },
    ];
    _views = {
        list: `<list><field name="name"/></list>`,
        kanban: `<kanban><templates><t t-name="card"><field name="name"/></t></templates></kanban>`,
        form: `<form><field name="name"/></form>`,
        search: `<search/>`,
    };
}

defineMailModels();
defineModels([Ticket, Measure]);

const arch = (options = "") => `
    <form>
        <field name="note"/>
        <notebook>
            <page name="first" string="First"><span>Nothing here</span></page>
            <page name="plan" string="Plan">
                <widget name="key_account_parts" options="{'model': 'key.account.ticket.measure', 'link': 'ticket_id'${options}}"/>
            </page>
        </notebook>
    </form>`;
const PARTS = ".o_key_account_parts .o_data_row, .o_key_account_parts .o_kanban_record:not(.o_kanban_ghost)";

const FIRST = ".o_key_account_parts .o_data_cell, .o_key_account_parts .o_kanban_record";

const mountTicket = (options) =>
    mountView({ type: "form", resModel: "key.account.ticket", resId: 5, arch: arch(options) });
const openPage = () => contains(".o_notebook .nav-link:contains(Plan)").click();

test("reads the parts of this record when their page is opened, not before", async () => {
    onRpc("key.account.ticket.measure", "web_search_read", () => expect.step("parts"));
    await mountTicket();
    expect.verifySteps([]);
    await openPage();
    expect.verifySteps(["parts"]);
    expect(queryAllTexts(PARTS)).toEqual(["Print anew"]);
});

test("a click opens a part, and what is changed there is seen here", async () => {
    await mountTicket();
    await openPage();
    await contains(FIRST).click();
    await contains(".modal .o_field_widget[name=name] input").edit("Print it twice");
    await contains(".modal .o_form_button_save").click();
    expect(queryAllTexts(PARTS)).toEqual(["Print it twice"]);
});

test("what is being typed is kept before a part opens", async () => {
    onRpc("key.account.ticket", "web_save", ({ args }) => expect.step(args[1].note));
    await mountTicket();
    await contains(".o_field_widget[name=note] input").edit("Two");
    await openPage();
    await contains(FIRST).click();
    expect.verifySteps(["Two"]);
});

test("parts that have a page of their own open there", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await mountTicket(", 'page': True");
    await openPage();
    await contains(FIRST).click();
    expect.verifySteps(["key.account.ticket.measure 1"]);
});

test("a record that is being made has no parts yet", async () => {
    await mountView({ type: "form", resModel: "key.account.ticket", arch: arch() });
    await openPage();
    expect(".o_key_account_parts").toHaveCount(0);
});
