import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, queryOne, queryText } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Evaluation extends models.Model {
    _name = "key.account.evaluation";

    note = fields.Text();
    progress = fields.Integer();
    job_state = fields.Selection({
        selection: [
            ["idle", "Idle"],
            ["queued", "Waiting"],
            ["running", "Running"],
            ["stopped", "Stopped"],
            ["failed", "Failed"],
            ["done", "Done"],
        ],
    });

    _records = [
        { id: 1, job_state: "running", progress: 10 },
        { id: 2, job_state: "idle", progress: 0 },
    ];
}

defineMailModels();
defineModels([Evaluation]);

/** The server's answers, one after the other; "fail" is none. Each is a step. */
function answerWith(...answers) {
    onRpc("key.account.evaluation", "read", ({ args }) => {
        const [job_state, progress] = answers.shift() ?? ["running", 99];
        expect.step(`read ${args[1].join(" ")}: ${job_state}`);
        if (job_state === "fail") {
            throw new Error("no answer");
        }
        MockServer.env["key.account.evaluation"].write([1], { job_state, progress });
        return [{ id: 1, job_state, progress }];
    });
    onRpc("key.account.evaluation", "web_read", () => expect.step("load"));
}

async function mountProgress(values = {}, params = {}) {
    Object.assign(Evaluation._records[0], values);
    return mountView({
        type: "form",
        resModel: "key.account.evaluation",
        resId: 1,
        arch: `
            <form>
                <field name="note"/>
                <field name="progress" widget="key_account_progress"/>
            </form>`,
        ...params,
    });
}

async function pass(milliseconds) {
    await advanceTime(milliseconds);
    await animationFrame();
}

const shownText = () => queryText(".o_key_account_progress").replace(/\s/g, " ");

test("the bar moves by itself and the result comes without a click", async () => {
    answerWith(["running", 42], ["done", 100]);
    await mountProgress({ job_state: "queued", progress: 0 });
    expect.verifySteps(["load"]);
    expect(shownText()).toBe("Waiting");

    await pass(1500);
    expect.verifySteps(["read job_state progress: running"]);
    expect(shownText()).toBe("42 %");
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "42");
    expect(queryOne(".progress-bar").style.width).toBe("42%");

    await pass(1500);
    expect.verifySteps(["read job_state progress: done", "load"]);
    expect(shownText()).toBe("100 %");

    await pass(10000);
    expect.verifySteps([]);
});

test("nothing is asked and nothing shown when there is no work", async () => {
    answerWith();
    await mountProgress({ job_state: "idle", progress: 0 });
    await pass(10000);
    expect.verifySteps(["load"]);
    expect(".o_key_account_progress").toHaveCount(0);
});

test("stopped and failed work says where it stands and is not asked for", async () => {
    answerWith();
    await mountProgress({ job_state: "stopped", progress: 42 });
    expect(shownText()).toBe("Stopped at 42 %");
    await pass(5000);
    expect.verifySteps(["load"]);
});

test("failed work is red", async () => {
    await mountProgress({ job_state: "failed", progress: 7 });
    expect(shownText()).toBe("Failed at 7 %");
    expect(".progress-bar").toHaveClass("bg-danger");
});

test("one answer that does not come is survived", async () => {
    answerWith(["fail"], ["fail"], ["running", 60], ["fail"], ["fail"], ["running", 80]);
    await mountProgress();
    for (let turn = 0; turn < 6; turn++) {
        await pass(1500);
    }
    expect(shownText()).toBe("80 %");
    expect.verifySteps([
        "load",
        "read job_state progress: fail",
        "read job_state progress: fail",
        "read job_state progress: running",
        "read job_state progress: fail",
        "read job_state progress: fail",
        "read job_state progress: running",
    ]);
    expect("[role=status]").toHaveCount(0);
});

test("three failures in a row end the asking, and it says so", async () => {
    answerWith(["fail"], ["fail"], ["fail"]);
    await mountProgress();
    for (let turn = 0; turn < 6; turn++) {
        await pass(1500);
    }
    expect.verifySteps([
        "load",
        "read job_state progress: fail",
        "read job_state progress: fail",
        "read job_state progress: fail",
    ]);
    expect("[role=status]").toHaveText("No answer from the server. Reload the page.");
});

test("another record is not asked for in the place of the first", async () => {
    answerWith();
    await mountProgress({}, { resIds: [1, 2] });
    expect(shownText()).toBe("10 %");
    await contains(".o_pager_next").click();
    expect(".o_key_account_progress").toHaveCount(0);
    await pass(10000);
    expect.verifySteps(["load", "load"]);
});

test("what somebody is typing is not lost when the work ends", async () => {
    answerWith(["done", 100]);
    await mountProgress();
    await contains("[name=note] textarea").edit("Looks right");
    await pass(1500);
    expect.verifySteps(["load", "read job_state progress: done"]);
    expect("[name=note] textarea").toHaveValue("Looks right");
    expect("[role=status]").toHaveText(/^Finished/);
});

test("asking ends with the page", async () => {
    answerWith(["running", 20]);
    const view = await mountProgress();
    await pass(1500);
    expect.verifySteps(["load", "read job_state progress: running"]);
    destroy(view);
    await pass(10000);
    expect.verifySteps([]);
});
