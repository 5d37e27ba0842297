import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

const LINE = { stop: false, minutes: 120, late: 0, hours: "Service hours", holds: [] };
const LINES = [
    {
        ...LINE,
        id: 11,
        name: "Acknowledge",
        state: "met",
        start: "2026-03-09 00:00:00",
        due: "2026-03-09 01:00:00",
        stop: "2026-03-09 00:30:00",
    },
    {
        ...LINE,
        id: 12,
        name: "First Reply",
        state: "missed",
        start: "2026-03-09 00:00:00",
        due: "2026-03-09 02:00:00",
        stop: "2026-03-09 03:30:00",
        late: 90,
    },
    {
        ...LINE,
        id: 13,
        name: "Next Reply",
        state: "missed",
        start: "2026-03-09 03:00:00",
        due: "2026-03-09 04:00:00",
    },
    {
        ...LINE,
        id: 14,
        name: "Resolve",
        state: "running",
        start: "2026-03-09 00:00:00",
        due: "2026-03-09 10:00:00",
        hours: false,
        holds: [["2026-03-09 01:00:00", "2026-03-09 02:00:00"]],
    },
    {
        ...LINE,
        id: 15,
        name: "Plan",
        state: "paused",
        start: "2026-03-09 00:00:00",
        due: false,
        holds: [["2026-03-09 04:00:00", false]],
    },
];

class Ticket extends models.Model {
    _name = "key.account.ticket";

    lines = fields.Json();

    _records = [
        { id: 1, lines: LINES },
        { id: 2, lines: [] },
    ];
}

defineMailModels();
defineModels([Ticket]);

const mountTicket = (resId = 1) => {
    mockDate("2026-03-09 05:00:00", +0); // and some milliseconds, when it is looked at
    mockTimeZone(+8);
    return mountView({
        type: "form",
        resModel: "key.account.ticket",
        resId,
        arch: `<form><field name="lines" widget="key_account_promises"/></form>`,
    });
};
const words = () => queryAllTexts(".o_key_account_promise .d-flex").map((t) => t.replace(/\s+/g, " "));

test("says of each promise whether it was kept, in words a customer understands", async () => {
    await mountTicket();
    const lines = words();
    expect(lines[0]).toMatch(/^Acknowledge Met on .*8:30/);
    expect(lines[1]).toMatch(
        /^First Reply Missed done 1 h 30 min of working time too late, on .*11:30/
    );
    expect(lines[2]).toMatch(/^Next Reply Missed due .*12:00.*, late by 1 h$/);
    expect(lines[3]).toMatch(/^Resolve Running due .*6:00.*, in 4 h 59 min$/);
    expect(lines[4]).toBe("Plan On Hold stands still");
    expect(".o_key_account_promise:first .small").toHaveText(
        /^Promised within 2 h of working time \(Service hours\) from .*8:00/
    );
    expect(".o_key_account_promise:eq(3) .small").toHaveText(/day and night/);
});

test("draws them on one scale of time", async () => {
    await mountTicket();
    const share = (element) => [element.style.left, element.style.width];
    const runs = queryAll(".o_key_account_run").map(share);
    expect(runs[0]).toEqual(["0%", "5%"]); // half an hour of ten
    expect(runs[1]).toEqual(["0%", "35%"]);
    expect(runs[2]).toEqual(["30%", "20%"]);
    expect(runs[3]).toEqual(["0%", "50%"]);
    expect(queryAll(".o_key_account_left").map(share)).toEqual([["50%", "50%"]]);
    expect(queryAll(".o_key_account_pause").map(share)).toEqual([
        ["10%", "10%"],
        ["40%", "10%"],
    ]);
    expect(queryFirst(".o_key_account_due_mark").style.left).toBe("10%");
    expect(".o_key_account_due_mark").toHaveCount(4);
});

test("a click opens the log of a promise", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id} ${action.target}`);
        },
    });
    await mountTicket();
    await contains(".o_key_account_promise:eq(1)").click();
    expect.verifySteps(["key.account.sla.clock 12 new"]);
});

test("a ticket without promises says so", async () => {
    await mountTicket(2);
    expect(".o_key_account_promise").toHaveCount(0);
    expect(".o_field_key_account_promises").toHaveText(/Nothing was promised/);
});
