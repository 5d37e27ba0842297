import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * The form of a new enquiry or complaint: says at once when the files are too large,
 * and is sent once. The server checks both again.
 */
export class NewTicket extends Interaction {
    static selector = ".o_key_account_new_ticket";
    dynamicContent = {
        "#files": { "t-on-change": this.checkFiles },
        ".o_too_large": {
            "t-att-class": () => ({ "d-none": !this.tooLarge, "d-block": this.tooLarge }),
        },
        "button[type=submit]": {
            "t-att-disabled": () => this.tooLarge || this.sent,
        },
        _root: { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.tooLarge = false;
        this.sent = false;
    }

    start() {
        this.checkFiles();
        this.updateContent();
    }

    checkFiles() {
        const { files } = this.el.querySelector("#files");
        const total = [...files].reduce((sum, file) => sum + file.size, 0);
        this.tooLarge = total > Number(this.el.dataset.fileLimit);
    }

    onSubmit() {
        this.sent = true;
    }
}

registry.category("public.interactions").add("key_account.new_ticket", NewTicket);
