/**
 * Steps that the tours share. Each works on a desktop and on a phone, where menus,
 * buttons and lists look different; `isActive` leaves out what a size does not have.
 */
const ROOT_MENU = "key_account.root_menu";

const click = (trigger, more = {}) => ({ trigger, run: "click", ...more });
const onDesktop = { isActive: ["desktop"] };
const onPhone = { isActive: ["mobile"] };

/** Opens an app from wherever the user is. */
export function openApp(xmlid) {
    return [
        click(".o_navbar_apps_menu button", onDesktop),
        click(`.o-dropdown--menu .o_app[data-menu-xmlid="${xmlid}"]`, onDesktop),
        click(".o_menu_toggle", onPhone),
        click(".o_app_menu_sidebar .o_sidebar_topbar a", {
            isActive: ["mobile", ".o_app_menu_sidebar:not(:has(li.o_app))"],
        }),
        click(`.o_app_menu_sidebar li.o_app[data-menu-xmlid="${xmlid}"]`, onPhone),
        { trigger: "body:not(:has(.o_app_menu_sidebar))" },
    ];
}

/** Opens a menu of this app, e.g. `openMenu("tiers_menu", "scheme_menu")`. */
export function openMenu(section, entry) {
    const [sectionId, entryId] = [section, entry].map((name) => `key_account.${name}`);
    return [
        ...openApp(ROOT_MENU),
        {
            content: "The app has opened",
            trigger: ".o_action_manager .o_view_controller.o_kanban_view, .o_list_view",
        },
        click(`.o_menu_sections button[data-menu-xmlid="${sectionId}"]`, onDesktop),
        click(`.o-dropdown--menu a[data-menu-xmlid="${entryId}"]`, onDesktop),
        click(".o_menu_toggle", onPhone),
        click(`.o_app_menu_sidebar li[data-menu-xmlid="${entryId}"]`, onPhone),
        { trigger: "body:not(:has(.o_app_menu_sidebar))" },
    ];
}

/** Waits for a screen by its title. */
export function seeTitle(title) {
    return { trigger: `.o_last_breadcrumb_item:contains("${title}")` };
}

/** Opens a record from the list, or from the cards that phones show. */
export function openRecord(text) {
    return click(
        `.o_list_view .o_data_row:contains("${text}") .o_data_cell:first,` +
            ` .o_kanban_view .o_kanban_record:contains("${text}")`
    );
}

/** Goes one screen back. */
export function goBack() {
    return click(".o_back_button");
}

/** Presses a button of the status bar; phones hide all but the first. */
export function press(label) {
    const button = `button:enabled:contains("${label}")`;
    return [
        { content: `"${label}" is offered`, trigger: ".o_statusbar_buttons" },
        click(".o_statusbar_buttons button:has(.oi-ellipsis-v)", {
            isActive: ["mobile", `body:not(:has(.o_statusbar_buttons ${button}))`],
        }),
        click(`.o_statusbar_buttons ${button}, .o-dropdown-item-unstyled-button ${button}`),
    ];
}

/** Says yes to the question that a button asks. */
export function confirm(question) {
    return [
        { trigger: `.modal:contains("${question}")` },
        click(".modal footer .btn-primary"),
        { trigger: "body:not(:has(.modal))" },
    ];
}

export function seeState(label) {
    const current = `.o_statusbar_status button:contains("${label}")`;
    return {
        content: `The status is "${label}"`,
        trigger: `${current}.o_arrow_button_current, ${current}.dropdown-toggle`,
    };
}

/** Presses a smart button; phones keep them behind a flash. */
export function pressSmart(name, condition = "") {
    const button = `.o-form-buttonbox button[name="${name}"]${condition}`;
    return [
        click(".o-form-buttonbox .o_button_more", {
            isActive: [`body:not(:has(.o-form-buttonbox button[name="${name}"]))`],
        }),
        click(button),
    ];
}

/** A ribbon takes too much of a phone's screen. */
export function seeRibbon(text) {
    return { trigger: `.ribbon:contains("${text}")`, ...onDesktop };
}

export function openPage(name) {
    return click(`.o_notebook_headers a.nav-link[name="${name}"]`);
}

/** A selector below any of several others. */
function within(roots, selector) {
    return [roots].flat().map((root) => `${root} ${selector}`).join(", ");
}

/** Fills in a form, or the row of a list that is being edited. */
export function fill(roots, values) {
    return Object.entries(values).map(([name, value]) => ({
        trigger: within(roots, `[name="${name}"] input`),
        run: `edit ${value}`,
    }));
}

/** Picks an option; phones show them in a sheet. */
export function pick(roots, name, label) {
    const input = `[name="${name}"] input.o_select_menu_toggler`;
    return [
        click(within(roots, input)),
        // "body": the sheet lies above the dialog, not in it
        click(`body .o_select_menu_item:contains("${label}")`),
        { trigger: within(roots, `${input}:value("${label}")`) },
    ];
}

/** Ticks a box. */
export function tick(root, name) {
    const box = `${root} [name="${name}"] input`;
    return [{ trigger: box, run: "check" }, { trigger: `${box}:checked` }];
}

/** Adds a line to a list of a form: `where` it is edited depends on the view. */
export function addLine(field) {
    const root = `.o_field_widget[name="${field}"]`;
    return click(
        `${root} .o_field_x2many_list_row_add a:first, ${root} .o-kanban-button-new:first`
    );
}

export function saveDialog() {
    return [
        click(".modal .o_form_button_save:not(.o_form_button_save_new)"),
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** Chooses a record; phones show cards to choose from. */
export function choose(name, text) {
    const field = `.o_field_widget[name="${name}"]`;
    return [
        { trigger: `${field} input`, run: `edit ${text}`, ...onDesktop },
        click(`.o-autocomplete--dropdown-item:contains("${text}")`, onDesktop),
        click(`${field} input`, onPhone),
        click(`.modal .o_kanban_record:contains("${text}")`, onPhone),
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** Filters or groups what is shown; phones hide the search behind a lens. */
export function search(menu, label) {
    return [
        click(".o_control_panel_navigation button:has(.fa-search)", {
            isActive: ["mobile", "body:not(:has(.o_searchview))"],
        }),
        click(".o_searchview_dropdown_toggler", {
            isActive: ["body:not(:has(.o_search_bar_menu))"],
        }),
        click(`.o_${menu}_menu .o_menu_item:contains("${label}")`),
        { trigger: `.o_searchview_facet:contains("${label}")` },
        click(".o_searchview_dropdown_toggler"),
        { trigger: "body:not(:has(.o_search_bar_menu))" },
    ];
}

/** Fails unless exactly `count` elements are there, once the first one is. */
export function seeExactly(count, selector) {
    return {
        content: `${count} of ${selector}`,
        trigger: selector,
        run({ queryAll }) {
            const found = queryAll(selector).length;
            if (found !== count) {
                throw new Error(`${found} instead of ${count} of ${selector}`);
            }
        },
    };
}

/** Fails if something is there, once `trigger` is. */
export function seeNone(selector, trigger) {
    return {
        content: `None of ${selector}`,
        trigger,
        run({ queryAll }) {
            const found = queryAll(selector);
            if (found.length) {
                throw new Error(`There is a ${selector}: ${found[0].textContent}`);
            }
        },
    };
}

export { click };
