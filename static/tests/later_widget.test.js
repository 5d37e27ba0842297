import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Account extends models.Model {
    _name = "key.account";

    note = fields.Text();
    costly = fields.Char();

    _records = [{ id: 5, note: "One", costly: "Computed for one" }];
}

defineMailModels();
defineModels([Account]);

const ARCH = `
    <form>
        <field name="note"/>
        <notebook>
            <page name="first" string="First"><span>Nothing here</span></page>
            <page name="later" string="Later">
                <widget name="key_account_later" options="{'field': 'costly', 'widget': 'char'}"/>
            </page>
        </notebook>
    </form>`;

test("reads a costly field when its page is opened, not before", async () => {
    onRpc("web_read", ({ kwargs }) => {
        expect.step("costly" in kwargs.specification ? "later" : "form");
    });
    await mountView({
        type: "form",
        resModel: "key.account",
        resId: 5,
        arch: ARCH,
    });
    expect.verifySteps(["form"]);
    await contains(".o_notebook .nav-link:contains(Later)").click();
    expect.verifySteps(["later"]);
    expect(queryAllTexts(".tab-pane .o_field_char")).toEqual(["Computed for one"]);
});

test("a record that is being made has nothing to read", async () => {
    await mountView({ type: "form", resModel: "key.account", arch: ARCH });
    await contains(".o_notebook .nav-link:contains(Later)").click();
    expect(".tab-pane .o_field_char").toHaveCount(0);
});
