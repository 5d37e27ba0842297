import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

// The worked example: 50 x 50 + 30 x 50 without the third value = 50 on 80 %.
const ROWS = [
    {
        id: 11,
        name: "Net Revenue",
        window: 12,
        raw: 250000,
        sub: 50,
        weight: 50,
        floor: 0,
        target: 500000,
        gate: false,
        points: 31.25,
        earlier: 200000,
    },
    {
        id: 12,
        name: "Number of Invoices",
        window: 1,
        raw: 10,
        sub: 50,
        weight: 30,
        floor: 0,
        target: 20,
        gate: false,
        points: 18.75,
        earlier: 10,
    },
    {
        id: 13,
        name: "Months since the Last Invoice",
        window: 12,
        raw: null,
        sub: null,
        weight: 20,
        floor: 12,
        target: 0,
        gate: false,
        points: null,
        earlier: null,
    },
];

const EXPLANATION = {
    rows: ROWS,
    score: 50,
    coverage: 0.8,
    gated: false,
    tier: "B",
    reason: "Kept: the score holds the tier",
    currency: "CNY",
};

class Line extends models.Model {
    _name = "key.account.evaluation.line";

    explanation = fields.Json();

    _records = [{ id: 7, explanation: EXPLANATION }];
}

class Scheme extends models.Model {
    _name = "key.account.scheme";

    explanation = fields.Json();

    _records = [{ id: 3, explanation: EXPLANATION }];
}

defineMailModels();
defineModels([Line, Scheme]);

const ARCH = `<form><field name="explanation" widget="key_account_explanation"/></form>`;

async function mountExplanation(model, value, resId = model._records[0].id) {
    if (value !== undefined) {
        model._records[0].explanation = value;
    }
    await mountView({ type: "form", resModel: model._name, resId, arch: ARCH });
}

const withRow = (index, changes) => ({
    ...EXPLANATION,
    rows: ROWS.map((row, place) => (place === index ? { ...row, ...changes } : row)),
});

const cellsOf = (row) =>
    queryAllTexts(`.o_key_account_row:eq(${row}) td`).map((text) =>
        text.replace(/\s+/g, " ")
    );

test("says score, tier, reason and how much data there was", async () => {
    await mountExplanation(Line);
    expect(".o_key_account_score").toHaveText("50");
    expect(".o_key_account_tier").toHaveText("B");
    expect(".o_key_account_reason").toHaveText("Kept: the score holds the tier");
    expect(queryText(".o_key_account_coverage").replace(/\s/g, " ")).toBe(
        "Data for 80 % of the weights"
    );
    expect(".o_key_account_gated").toHaveCount(0);
});

test("a row for each measure and their sum", async () => {
    await mountExplanation(Line);
    expect(".o_key_account_row").toHaveCount(3);
    expect(queryAllTexts(".o_key_account_name")).toEqual([
        "Net Revenue 12 months",
        "Number of Invoices 1 month",
        "Months since the Last Invoice 12 months",
    ]);
    expect(cellsOf(0)).toEqual([
        "250,000",
        "200,000",
        "0 → 500,000",
        "50",
        "50",
        "31.25",
    ]);
    expect(queryAllTexts(".o_key_account_sum td")).toEqual(["100", "50"]);
    expect(queryOne(".progress-bar:first").style.width).toBe("50%");
});

test("missing data is missing, not zero", async () => {
    await mountExplanation(Line);
    expect(cellsOf(2)).toEqual(["no data", "–", "12 → 0", "left out", "20", "–"]);
    expect(".o_key_account_row:eq(2) .progress").toHaveCount(0);
    expect(".o_key_account_row:eq(2) button").toHaveCount(0);
});

test("a value of zero is zero, not missing", async () => {
    await mountExplanation(Line, withRow(0, { raw: 0, sub: 0, points: 0 }));
    expect(cellsOf(0)).toEqual(["0", "200,000", "0 → 500,000", "0", "50", "0"]);
    expect(".o_key_account_row:eq(0) button").toHaveCount(1);
});

test("an arrow says where a value went, and whether that is good", async () => {
    await mountExplanation(Line, withRow(2, { raw: 3, sub: 75, earlier: 1 }));
    expect(".o_key_account_row:eq(0) .o_key_account_earlier i").toHaveClass([
        "fa-arrow-up",
        "text-success",
    ]);
    expect(".o_key_account_row:eq(0) .o_key_account_earlier i").toHaveAttribute(
        "aria-label",
        "Has risen since"
    );
    expect(".o_key_account_row:eq(1) .o_key_account_earlier i").toHaveCount(0);
    // more months since the last invoice: up, but not good
    expect(".o_key_account_row:eq(2) .o_key_account_earlier i").toHaveClass([
        "fa-arrow-up",
        "text-danger",
    ]);
});

test("no column for the last time where there was none", async () => {
    const rows = ROWS.map((row) => ({ ...row, earlier: null }));
    await mountExplanation(Line, { ...EXPLANATION, rows });
    expect(".o_key_account_earlier").toHaveCount(0);
    expect("thead th").toHaveCount(6);
    expect("tfoot th").toHaveAttribute("colspan", "4");
});

test("a failed gate is said at the score and at its measure", async () => {
    const gate = withRow(0, { gate: true, floor: 300000 });
    await mountExplanation(Line, { ...gate, gated: true });
    expect(".o_key_account_gated").toHaveText(/gate failed/i);
    expect(".o_key_account_gate_failed").toHaveCount(1);
    expect(".o_key_account_row:eq(0) .o_key_account_gate_failed").toHaveCount(1);
});

test("a gate without data is failed, one that is reached is not", async () => {
    const rows = ROWS.map((row) => ({ ...row, gate: true }));
    await mountExplanation(Line, { ...EXPLANATION, rows, gated: true });
    expect(".o_key_account_gate_failed").toHaveCount(1);
    expect(".o_key_account_row:eq(2) .o_key_account_gate_failed").toHaveCount(1);
});

test("a click on a value opens the records behind it", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    onRpc("key.account.evaluation.line", "action_open_source", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window", name: "Invoices of Acme" };
    });
    await mountExplanation(Line);
    expect(".o_key_account_raw button:eq(0)").toHaveAttribute(
        "aria-label",
        "Net Revenue: 250,000. Open the records behind it"
    );
    await contains(".o_key_account_raw button:eq(1)").click();
    expect.verifySteps(["[[7],12]", "Invoices of Acme"]);
});

test("the preview of a scheme opens nothing", async () => {
    await mountExplanation(Scheme);
    expect(".o_key_account_row").toHaveCount(3);
    expect(".o_key_account_explanation button").toHaveCount(0);
});

test("the preview of a scheme is empty without a customer", async () => {
    await mountExplanation(Scheme, false);
    expect(".o_field_widget[name=explanation]").toHaveText("");
});

test("a customer that was never scored has no data yet", async () => {
    await mountExplanation(Line, false);
    expect(".o_field_widget[name=explanation]").toHaveText("No data yet.");
});

test("a customer without any data has no score, not zero", async () => {
    const rows = ROWS.map((row) => ({ ...row, raw: null, sub: null, points: null }));
    const nothing = { rows, score: false, coverage: 0, tier: false };
    await mountExplanation(Line, { ...EXPLANATION, ...nothing });
    expect(".o_key_account_score").toHaveText("–");
    expect(".o_key_account_tier").toHaveCount(0);
    expect(queryAllTexts(".o_key_account_sum td")).toEqual(["100", "–"]);
});

test("fits into the width it has", async () => {
    await mountExplanation(Line);
    const root = queryOne(".o_key_account_explanation");
    for (const width of ["360px", "300px"]) {
        root.style.width = width;
        expect(root.scrollWidth).not.toBeGreaterThan(root.clientWidth);
        expect("thead").not.toBeVisible();
    }
    root.style.width = "900px";
    expect("thead").toBeVisible();
    expect(root.scrollWidth).not.toBeGreaterThan(root.clientWidth);
});
