/**
 * A customer on the portal: complains with a file, agrees to the plan, rates. Steps go
 * by names, so that the tours walk in any language.
 */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const FORM = ".o_key_account_new_ticket";
const THREAD = "#chatterRoot:shadow";

const click = (trigger, more = {}) => ({ trigger, run: "click", ...more });
/** Submits a form: the next step waits for the page that follows. */
const submit = (trigger) => click(trigger, { expectUnloadPage: true });

tours.add("key_account_portal_complain", {
    url: "/my",
    steps: () => [
        submit('.o_portal_index_card:not(.d-none) a[href="/my/tickets"]'),
        submit('a[href="/my/tickets/new"]'),
        {
            content: "What would put it right is asked of complaints only",
            trigger: `${FORM} .o_only_complaint:not(:visible)`,
        },
        click(`${FORM} label[for="kind_complaint"]`),
        { trigger: `${FORM} #remedy_sought:visible`, run: "edit A new board" },
        { trigger: `${FORM} #name`, run: "edit Fascia of the tour" },
        { trigger: `${FORM} #text`, run: "edit The name on it is not ours" },
        {
            trigger: `${FORM} #files`,
            run: ({ anchor }) => {
                const files = new DataTransfer();
                files.items.add(new File(["a picture"], "wrong-board.txt"));
                anchor.files = files.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        submit(`${FORM} button[type="submit"]:enabled`),
        { content: "He is told the number", trigger: '[name="number"]:contains("TK")' },
        { trigger: ".o_key_account_running" },
        submit('a.btn-primary[href^="/my/tickets/"]'),
        { trigger: 'h1:contains("Fascia of the tour")' },
        {
            content: "His file is in the conversation",
            trigger: `${THREAD} .o-mail-Message:contains("wrong-board.txt")`,
        },
    ],
});

tours.add("key_account_portal_agree", {
    url: "/my",
    steps: () => [
        submit('.o_portal_index_card:not(.d-none) a[href^="/my/tickets?filterby=turn"]'),
        submit('.o_key_account_tickets a:contains("Fascia of the tour")'),
        { trigger: '[name="plan"]:contains("We print the board anew")' },
        submit('button[name="step_agree"]'),
        { trigger: ".alert-success" },
        { trigger: 'body:not(:has(button[name="step_agree"]))' },
    ],
});

tours.add("key_account_portal_rate", {
    url: "/my/tickets?filterby=turn",
    steps: () => [
        submit('.o_key_account_tickets a:contains("Fascia of the tour")'),
        click('label[for="outcome_neutral"]'),
        click('label[for="attitude_4"]'),
        click('label[for="speed_2"]'),
        { trigger: "#words_rate", run: "edit It took long" },
        submit('[name="rate"] button[type="submit"]'),
        { trigger: ".alert-success" },
        {
            content: "His words are in the conversation",
            trigger: `${THREAD} .o-mail-Message:contains("It took long")`,
        },
    ],
});
