import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const LIN = { id: 7, name: "Ms Lin", company: "Aurora", function: "", phone: "7788" };
const KNOWN = {
    person: LIN,
    customer: {
        name: "Aurora",
        account_id: 3,
        tier: "A",
        is_key: true,
        owner: "Ann",
        last_contact: "2026-03-01 02:00:00",
    },
    tickets: [
        {
            id: 21,
            name: "TK26-00021 No light",
            state: "New",
            is_open: true,
            handler: "",
            due: "2026-03-09 02:00:00",
            is_late: true,
        },
    ],
    elsewhere: [{ team: "South", count: 2 }],
    orders: [
        {
            id: 31,
            name: "S00031",
            reference: "Booth",
            on: "2026-02-01",
            show: "CIIE",
            stand: "7.1 B12",
        },
    ],
    projects: [{ id: 41, name: "Booth at CIIE" }],
    talks: [{ on: "2026-03-02 02:00:00", who: "Ann", words: "On its way." }],
};

class Hotline extends models.Model {
    _name = "key.account.hotline";

    found = fields.Json();
    partner_id = fields.Many2one({ relation: "res.partner" });
    order_id = fields.Many2one({ relation: "sale.order" });
    project_id = fields.Many2one({ relation: "project.project" });
    show_name = fields.Char();
    stand_no = fields.Char();

    _records = [
        { id: 1, found: { people: [LIN, { ...LIN, id: 8, name: "Mr Qian" }] } },
        { id: 2, found: KNOWN },
        { id: 3, found: { people: [], unknown: true, tickets: [] } },
        { id: 4, found: { people: [], unknown: false, tickets: [] } },
    ];
}

class SaleOrder extends models.Model {
    _name = "sale.order";

    name = fields.Char();
    _records = [{ id: 31, name: "S00031" }];
}

class Project extends models.Model {
    _name = "project.project";

    name = fields.Char();
    _records = [{ id: 41, name: "Booth at CIIE" }];
}

defineMailModels();
defineModels([Hotline, SaleOrder, Project]);

const ARCH = `
    <form>
        <field name="partner_id" invisible="1"/>
        <field name="order_id" invisible="1"/>
        <field name="project_id" invisible="1"/>
        <field name="found" widget="key_account_caller"/>
        <field name="show_name"/>
        <field name="stand_no"/>
    </form>`;

const mountCall = (resId) => {
    mockTimeZone(+8);
    return mountView({ type: "form", resModel: "key.account.hotline", resId, arch: ARCH });
};

test("lets the agent say which of several people calls", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1].partner_id);
        return [{ id: 1, partner_id: { id: 8, display_name: "Mr Qian" } }];
    });
    await mountCall(1);
    expect(queryAllTexts(".o_key_account_candidate .fw-bold")).toEqual(["Ms Lin", "Mr Qian"]);
    await contains(".o_key_account_candidate:eq(1)").click();
    await contains(".o_form_button_save").click();
    expect.verifySteps([8]);
});

test("shows the customer and what is going on with him", async () => {
    await mountCall(2);
    expect(".o_key_account_person").toHaveText(/Ms Lin/);
    expect(".o_key_account_caller .badge").toHaveText("A");
    expect(".o_key_account_caller").toHaveText(/Owner: Ann/);
    expect(".o_key_account_known_ticket .text-danger").toHaveText(/New · late since .*10:00/);
    expect(".o_key_account_caller").toHaveText(/Open with another team, South: 2/);
    expect(".o_key_account_contract").toHaveText(/S00031/);
    expect(".o_key_account_contract").toHaveText(/Booth · CIIE · 7.1 B12/);
    expect(".o_key_account_caller").toHaveText(/On its way\./);
});

test("what is chosen goes into the form, and out again", async () => {
    await mountCall(2);
    await contains(".o_key_account_contract").click();
    expect(".o_key_account_contract").toHaveAttribute("aria-pressed", "true");
    expect(".o_field_widget[name=show_name] input").toHaveValue("CIIE");
    expect(".o_field_widget[name=stand_no] input").toHaveValue("7.1 B12");
    await contains(".o_key_account_project").click();
    expect(".o_key_account_project").toHaveClass("btn-primary");
    await contains(".o_key_account_contract").click();
    expect(".o_key_account_contract").toHaveClass("btn-outline-secondary");
});

test("opens a ticket he calls about", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await mountCall(2);
    await contains(".o_key_account_known_ticket").click();
    await contains(".o_key_account_caller .btn-link").click();
    expect.verifySteps(["key.account.ticket 21", "key.account 3"]);
});

test("an unknown caller is no obstacle", async () => {
    await mountCall(3);
    expect(".o_key_account_unknown").toHaveText(/name and number are enough/);
});

test("before anything is typed it says what to type", async () => {
    await mountCall(4);
    expect(".o_key_account_caller").toHaveText(/and then Enter/);
});
