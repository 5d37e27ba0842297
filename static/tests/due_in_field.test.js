import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const METRICS = [
    ["first_reply", "First Reply"],
    ["resolve", "Resolve"],
];
const STATES = [
    ["late", "Late"],
    ["soon", "Nearly Late"],
    ["ok", "On Time"],
    ["held", "On Hold"],
    ["done", "Nothing Open"],
    ["none", "No Promise"],
];

class Ticket extends models.Model {
    _name = "key.account.ticket";

    next_due_at = fields.Datetime();
    next_metric = fields.Selection({ selection: METRICS });
    sla_state = fields.Selection({ selection: STATES });
    minutes = fields.Integer();

    _records = [
        {
            id: 1,
            next_due_at: "2026-03-09 02:20:00",
            next_metric: "first_reply",
            sla_state: "ok",
            minutes: 960,
        },
        {
            id: 2,
            next_due_at: "2026-03-08 21:59:00",
            next_metric: "resolve",
            sla_state: "late",
            minutes: 95,
        },
        {
            id: 3,
            next_due_at: "2026-03-09 01:10:00",
            next_metric: "resolve",
            sla_state: "soon",
            minutes: 40,
        },
        {
            id: 4,
            next_due_at: "2026-03-11 04:00:00",
            next_metric: "resolve",
            sla_state: "ok",
            minutes: 0,
        },
        { id: 5, next_due_at: false, sla_state: "held" },
        { id: 6, next_due_at: false, sla_state: "done" },
        { id: 7, next_due_at: false, sla_state: "none" },
    ];
}

defineMailModels();
defineModels([Ticket]);

const ARCH = `
    <list>
        <field name="next_metric" column_invisible="1"/>
        <field name="next_due_at" widget="key_account_due_in" options="{'what': 'next_metric', 'state': 'sla_state'}"/>
        <field name="minutes" widget="key_account_minutes"/>
    </list>`;
const CELLS = ".o_data_cell[name=next_due_at]";

const mountTickets = (arch = ARCH) => {
    mockDate("2026-03-09 00:59:40", +0);
    mockTimeZone(+8);
    return mountView({ type: "list", resModel: "key.account.ticket", arch });
};

test("says what is due and how soon, in words", async () => {
    await mountTickets();
    expect(queryAllTexts(CELLS)).toEqual([
        "First Reply in 1 h 20 min",
        "Resolve late by 3 h",
        "Resolve in 10 min",
        "Resolve in 2 d 3 h",
        "On hold",
        "Nothing due",
        "No promise",
    ]);
    expect(queryAllTexts(".o_data_cell[name=minutes]")).toEqual([
        "16 h",
        "1 h 35 min",
        "40 min",
        "",
        "",
        "",
        "",
    ]);
});

test("an icon says what the colour says, and the title the moment in the reader's zone", async () => {
    await mountTickets();
    expect(`${CELLS} .text-danger .fa-exclamation-circle`).toHaveCount(1);
    expect(`${CELLS} .text-warning-emphasis .fa-hourglass-end`).toHaveCount(1);
    expect(queryOne(`${CELLS}:first .o_key_account_due`).title).toInclude("10:20");
});

test("keeps up with the time", async () => {
    await mountTickets();
    await advanceTime(12 * 60 * 1000);
    await animationFrame();
    expect(queryAllTexts(CELLS).slice(0, 3)).toEqual([
        "First Reply in 1 h 8 min",
        "Resolve late by 3 h 12 min",
        "Resolve late by 1 min",
    ]);
    expect(`${CELLS} .text-danger`).toHaveCount(2);
});

test("a time of which nobody says what it is for", async () => {
    await mountTickets(
        `<list><field name="next_due_at" widget="key_account_due_in"/></list>`
    );
    expect(queryAllTexts(CELLS).slice(0, 5)).toEqual([
        "In 1 h 20 min",
        "Late by 3 h",
        "In 10 min",
        "In 2 d 3 h",
        "",
    ]);
});
