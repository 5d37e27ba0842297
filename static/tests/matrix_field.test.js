import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const TIERS = [
    { id: 1, name: "A", is_key: true },
    { id: 2, name: "B", is_key: false },
];

const SUMMARY = {
    tiers: TIERS,
    cells: [
        { from: 1, to: 1, count: 4, revenue: 4000000 },
        { from: 1, to: 2, count: 1, revenue: 120000 },
        { from: 2, to: 1, count: 2, revenue: 900000 },
        { from: false, to: 2, count: 1234, revenue: 0 },
    ],
    capacity: [
        { id: 1, points: 5, now: 25, then: 30, count: 6 },
        { id: 2, points: 0.5, now: 1, then: 617.5, count: 1235 },
    ],
};

class Evaluation extends models.Model {
    _name = "key.account.evaluation";

    summary = fields.Json();
    currency_id = fields.Many2one({ relation: "res.currency" });

    _records = [{ id: 5, summary: SUMMARY, currency_id: 1 }];
}

defineMailModels();
defineModels([Evaluation]);

async function mountMatrix(summary) {
    if (summary !== undefined) {
        Evaluation._records[0].summary = summary;
    }
    await mountView({
        type: "form",
        resModel: "key.account.evaluation",
        resId: 5,
        arch: `<form><field name="summary" widget="key_account_matrix" nolabel="1"/></form>`,
    });
}

const textsOf = (selector) =>
    queryAllTexts(selector).map((text) => text.replace(/\s+/g, " "));

test("customers and revenue from tier to tier, with totals", async () => {
    await mountMatrix();
    expect(textsOf(".o_key_account_cells thead th")).toEqual([
        "From ↓ to →",
        "A",
        "B",
        "Total",
    ]);
    expect(textsOf(".o_key_account_cells tbody th")).toEqual([
        "A",
        "B",
        "No tier yet",
    ]);
    expect(textsOf(".o_key_account_cells tbody tr:eq(0) td")).toEqual([
        "4 $ 4.0M",
        "▼ 1 $ 120k",
        "5 $ 4.1M",
    ]);
    expect(textsOf(".o_key_account_cells tbody tr:eq(1) td")).toEqual([
        "▲ 2 $ 900k",
        "",
        "2 $ 900k",
    ]);
    expect(textsOf(".o_key_account_cells tfoot td")).toEqual([
        "6 $ 4.9M",
        "1,235 $ 120k",
        "1,241 $ 5.0M",
    ]);
});

test("promotions and demotions are told by sign and colour", async () => {
    await mountMatrix();
    expect(".o_key_account_up").toHaveText(/▲/);
    expect(".o_key_account_up").toHaveCount(1);
    expect(".o_key_account_down").toHaveText(/▼/);
    expect(".o_key_account_down").toHaveCount(1);
    expect(".o_key_account_same").toHaveCount(1);
    expect(".o_key_account_up button").toHaveAttribute(
        "aria-label",
        /^Promoted from B to A: 2, \$\s900,000.00$/
    );
});

test("a click on a cell lists its customers", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    onRpc("key.account.evaluation", "action_open_cell", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window", name: "Result" };
    });
    await mountMatrix();
    await contains(".o_key_account_up button").click();
    await contains(".o_key_account_cells tbody tr:eq(2) button").click();
    expect.verifySteps(["[[5],2,1]", "Result", "[[5],false,2]", "Result"]);
});

test("the capacity that the tiers take now and then", async () => {
    await mountMatrix();
    expect(textsOf(".o_key_account_capacity tbody tr:eq(0) > *")).toEqual([
        "A",
        "6",
        "5",
        "25 → 30",
        "+5",
    ]);
    expect(textsOf(".o_key_account_capacity tfoot tr > *")).toEqual([
        "Total",
        "1,241",
        "",
        "26 → 647.5",
        "+621.5",
    ]);
});

test("tiers of an earlier version rank as their namesakes", async () => {
    await mountMatrix({
        tiers: [...TIERS, { id: 8, name: "A" }, { id: 9, name: "B" }],
        cells: [
            { from: 8, to: 1, count: 3, revenue: 10 },
            { from: 8, to: 2, count: 2, revenue: 10 },
        ],
        capacity: [
            { id: 1, points: 5, now: 0, then: 15, count: 3 },
            { id: 2, points: 1, now: 0, then: 2, count: 2 },
            { id: 8, points: 5, now: 25, then: 0, count: 0 },
            { id: 9, points: 1, now: 0, then: 0, count: 0 },
        ],
    });
    expect(".o_key_account_same button").toHaveCount(1);
    expect(".o_key_account_down button").toHaveCount(1);
    expect(".o_key_account_up button").toHaveCount(0);
    // old tiers that nobody has are left out
    expect(textsOf(".o_key_account_cells thead th").slice(1)).toEqual(["A", "B", "Total"]);
    expect(textsOf(".o_key_account_cells tbody th")).toEqual(["A", "B", "A"]);
    expect(".o_key_account_capacity tbody tr").toHaveCount(3);
});

test("no result yet", async () => {
    await mountMatrix({ tiers: TIERS, cells: [], capacity: [] });
    expect(".o_key_account_matrix").toHaveText("No result yet.");
    expect("table").toHaveCount(0);
});

test("nothing at all", async () => {
    await mountMatrix(false);
    expect(".o_key_account_matrix").toHaveText("No result yet.");
});

test("scrolls inside its own container", async () => {
    const names = ["Platinum Partner", "Gold Partner", "Silver Partner", "Bronze", "None"];
    await mountMatrix({
        ...SUMMARY,
        tiers: names.map((name, index) => ({ id: index + 1, name })),
    });
    const root = queryOne(".o_key_account_matrix");
    root.style.width = "340px";
    expect(root.scrollWidth).not.toBeGreaterThan(root.clientWidth);
    const scroller = queryOne(".o_key_account_matrix .table-responsive:first");
    expect(scroller.scrollWidth).toBeGreaterThan(scroller.clientWidth);
});
