import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { showPlace } from "@key_account/missing_items/show_place";

const MISSING = [
    { code: "phone", label: "Phone", where: "On the contact", mend: true },
    { code: "needs", label: "Needs and Preferences", where: "In this file", mend: true },
    { code: "owner", label: "Owner", where: "A manager assigns him", mend: false },
];

class Account extends models.Model {
    _name = "key.account";

    note = fields.Text();
    needs = fields.Text();
    missing = fields.Json();

    _records = [
        { id: 5, missing: MISSING },
        { id: 6, missing: [] },
    ];
}

defineMailModels();
defineModels([Account]);

const ARCH = `
    <form>
        <field name="note"/>
        <field name="missing" widget="key_account_missing_items"/>
        <notebook>
            <page name="profile" string="Profile"><span>Nothing here</span></page>
            <page name="confidential" string="Needs"><field name="needs"/></page>
        </notebook>
    </form>`;

const mountAccount = (resId = 5) =>
    mountView({ type: "form", resModel: "key.account", resId, arch: ARCH });

test("names what is missing, and links what the reader can mend", async () => {
    await mountAccount();
    expect(queryAllTexts(".o_key_account_missing li")).toEqual([
        "Phone",
        "Needs and Preferences",
        "Owner",
    ]);
    expect(queryAllTexts(".o_key_account_missing button")).toEqual([
        "Phone",
        "Needs and Preferences",
    ]);
    expect(".o_key_account_missing button:first").toHaveAttribute(
        "aria-label",
        "Phone is missing. On the contact"
    );
    expect(".o_key_account_missing span").toHaveAttribute(
        "title",
        "A manager assigns him"
    );
});

test("a complete file names nothing", async () => {
    await mountAccount(6);
    expect(".o_key_account_missing li").toHaveCount(0);
});

test("a click opens the place, after what was typed is saved", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    onRpc("key.account", "web_save", () => expect.step("save"));
    onRpc("key.account", "action_mend_item", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window", name: "Contact" };
    });
    await mountAccount();
    await contains("[name=note] textarea").edit("Calls on Mondays");
    await contains(".o_key_account_missing button:first").click();
    expect.verifySteps(["save", '[[5],"phone"]', "Contact"]);
});

test("a page of the form is turned to, and the cursor put on the field", async () => {
    await mountAccount();
    expect("[name=needs]").toHaveCount(0);
    const shown = showPlace({}, { params: { page: "confidential", field: "needs" } });
    await animationFrame();
    await animationFrame();
    await shown;
    expect(".o_field_widget[name=needs] textarea").toBeFocused();
});
