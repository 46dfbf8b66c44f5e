import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/**
 * What the palette (Ctrl+K) offers to those who work with files: the usual beginnings,
 * and a search for a file or a request by name, number or telephone.
 *
 * The rights are asked for when the palette opens, and not on every page of Odoo.
 */

const FIND = "=";
const MOST = 8;
const DESK = "beneficiary_relations.group_delegate";
const READERS = [
    DESK,
    "beneficiary_relations.group_researcher",
    "beneficiary_relations.group_auditor",
];
const MINE = { search_default_filter_mine: 1, search_default_filter_open: 1 };
const FINDER = {
    emptyMessage: _t("No file and no request is found by these words."),
    name: _t("files and requests"),
    placeholder: _t("Name, telephone, identity number, file number or request number"),
    debounceDelay: 250,
};

const categories = registry.category("command_categories");
const providers = registry.category("command_provider");

categories
    .add("beneficiary", {}, { sequence: 5 })
    .add("beneficiary_files", { namespace: FIND, name: _t("Files") }, { sequence: 10 })
    .add("beneficiary_requests", { namespace: FIND, name: _t("Requests") }, { sequence: 20 });
registry.category("command_setup").add(FIND, FINDER);

async function isReader() {
    const groups = await Promise.all(READERS.map((group) => user.hasGroup(group)));
    return groups.some(Boolean);
}

/** The palette as it is after the mark of the search was typed. */
function prepareFinder() {
    const found = categories.getEntries().filter(([, { namespace }]) => namespace === FIND);
    return {
        providers: providers.getAll(),
        configByNamespace: {
            [FIND]: {
                ...FINDER,
                categories: found.map(([key]) => key),
                categoryNames: Object.fromEntries(found.map(([key, { name }]) => [key, name])),
            },
        },
        searchValue: FIND,
    };
}

async function provideCommands(env) {
    const command = (name, action) => ({ name, action, category: "beneficiary" });
    const open = (id, options) => () => {
        env.services.action.doAction(`beneficiary_relations.${id}`, options);
    };
    if (!(await isReader())) {
        return [];
    }
    const find = command(_t("Find a file or a request by name or number"), prepareFinder);
    if (!(await user.hasGroup(DESK))) {
        return [find];
    }
    return [
        command(_t("New contact"), open("interaction_action_new")),
        command(_t("New file"), open("beneficiary_action", { viewType: "form" })),
        find,
        command(_t("My work"), open("request_action", { additionalContext: MINE })),
    ];
}

async function provideFound(env, { searchValue }) {
    const text = searchValue.trim();
    if (!text || !(await isReader())) {
        return [];
    }
    const { action, orm } = env.services;
    const open = (resModel, id, name, category) => ({
        name,
        category,
        action: () => {
            action.doAction({
                type: "ir.actions.act_window",
                res_model: resModel,
                res_id: id,
                views: [[false, "form"]],
            });
        },
    });
    const [files, requests] = await Promise.all([
        orm.call("beneficiary.beneficiary", "name_search", [text], { limit: MOST }),
        orm.searchRead(
            "beneficiary.request",
            ["|", ["name", "ilike", text], ["beneficiary_id", "ilike", text]],
            ["name", "beneficiary_id", "service_id"],
            { limit: MOST }
        ),
    ]);
    return [
        ...files.map(([id, name]) =>
            open("beneficiary.beneficiary", id, name, "beneficiary_files")
        ),
        ...requests.map(({ id, name, beneficiary_id: file, service_id: service }) =>
            open(
                "beneficiary.request",
                id,
                `${name} · ${file[1]} · ${service[1]}`,
                "beneficiary_requests"
            )
        ),
    ];
}

providers.add("beneficiary", { provide: provideCommands });
providers.add("beneficiary_find", { namespace: FIND, provide: provideFound });
