import { registry } from "@web/core/registry";

const FORM = ".o_form_view";

/** The first frame in which the page that was turned to is drawn. */
const drawn = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/**
 * Turns the open form to a page and puts the cursor on the field or button in question.
 *
 * @param {Object} env
 * @param {{ params: { page?: string, field?: string, button?: string } }} action
 */
export async function showPlace(env, { params }) {
    const { page, field, button } = params;
    if (page) {
        document.querySelector(`${FORM} .o_notebook .nav-link[name="${page}"]`)?.click();
        await drawn();
    }
    const place = button
        ? document.querySelector(`${FORM} button[name="${button}"]`)
        : document.querySelector(`${FORM} .o_field_widget[name="${field}"]`);
    const target = place?.querySelector("input, textarea, select, button") || place;
    target?.scrollIntoView({ block: "center" });
    target?.focus();
}

registry.category("actions").add("key_account_show_place", showPlace);
