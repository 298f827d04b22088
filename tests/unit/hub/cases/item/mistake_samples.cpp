#include "tests/unit/hub/cases/item/mistake_samples.h"

namespace tongban::item::test {
namespace {

using Samples = std::vector<Sample>;

// Of the file and the item's head.
Samples of_head() {
    return {
        {"yaml.syntax",
         "a bracket is not closed",
         {{"suspend: [awaiting-citizen]", "suspend: [awaiting-citizen"}},
         "states:",
         "suspend: [awaiting-citizen"},
        {"key.unknown",
         "a key is misspelt",
         {{"priority: normal", "priorty: normal"}},
         "priorty: normal",
         ""},
        {"key.missing",
         "the ground is left out",
         {{"ground: 建金〔2015〕19号\n", ""}},
         "item: housing-fund",
         "item: housing-fund/rent-withdrawal   # and no ground: below it"},
        {"key.twice",
         "a step's name stands twice",
         {{"  done: {zh: 办结, en: completed, end: completed}",
           "  done: {zh: 办结, en: completed, end: completed}\n  done: {zh: 完成, en: finished, "
           "end: completed}"}},
         "  done: {zh: 完成",
         ""},
        {"value.wrong",
         "the priority is no word of ours",
         {{"priority: normal", "priority: soon"}},
         "priority: soon",
         ""},
        {"value.wrong",
         "a pause between attempts without unit",
         {{"first: 2s", "first: 2"}},
         "first: 2,",
         "retry: {attempts: 4, first: 2, ceiling: 5m}"},
        {"id.shape",
         "a name with a hyphen",
         {{"search: {lease: application.lease, payment: payment.number}",
           "search: {lease: application.lease}"},
          {"from: fund, as: payment}", "from: fund, as: the-payment}"},
          {"{when: payment.amount < application.rent, go: decide}",
           "{when: application.rent < application.rent, go: decide}"}},
         "as: the-payment",
         "wait: {event: rent.paid, from: fund, as: the-payment}"},
        {"id.taken",
         "two steps give their results one name",
         {{"as: rent_check}", "as: homes}"}},
         "as: homes}",
         "as: homes     # and the step `homes` says so too"},
        {"id.taken",
         "two materials have one id",
         {{"- {id: no_home", "- {id: lease"}},
         "- {id: lease, zh: 无房证明",
         ""},
        {"unit.unknown",
         "workdays for working_days",
         {{"deadline: {within: 3, unit: working_days}", "deadline: {within: 3, unit: workdays}"}},
         "unit: workdays",
         ""},
        {"calendar.unknown",
         "the calendar of nowhere",
         {{"calendar: $owner", "calendar: nx"}},
         "calendar: nx",
         ""},
        {"path.unknown",
         "the key names no field",
         {{"key: [application.applicant.id_number, application.lease]",
           "key: [application.applicant.id_number, application.leases]"}},
         "application.leases",
         ""},
        {"path.unknown",
         "a person is told by a name",
         {{"subject: application.applicant.id_number", "subject: application.applicant.name"}},
         "subject: application",
         ""},
        {"type.unknown",
         "a form that nobody defined",
         {{"form: test/decision@1", "form: test/decision@2"},
          {"confirm: {resource: test/pay, request: {token: reserved.account.token, amount: "
           "decision.form.amount}}",
           "confirm: {resource: test/pay, request: {token: reserved.account.token, amount: "
           "application.rent}}"},
          {"          request: {number: case.number, amount: decision.form.amount}\n          "
           "reserve: test/hold\n          confirm: {resource: test/pay, request: {token: "
           "reserved.account",
           "          request: {number: case.number, amount: application.rent}\n          reserve: "
           "test/hold\n          confirm: {resource: test/pay, request: {token: reserved.account"},
          {"          to: registry\n          request: {number: case.number, amount: "
           "decision.form.amount}",
           "          to: registry\n          request: {number: case.number, amount: "
           "application.rent}"}},
         "form: test/decision@2",
         ""},
        {"code.missing",
         "mastered elsewhere and no national code",
         {{"owner: fund",
           "owner: fund\nmaster: external\nreport: {to: fund, resource: test/notice, kind: submit, "
           "effect: idempotent, request: {number: case.external_number, amount: "
           "application.rent}}"}},
         "master: external",
         "owner: fund\nmaster: external"},
        {"report.missing",
         "mastered elsewhere, and nobody there is told",
         {{"owner: fund", "owner: fund\nmaster: external\ncode: 640100-gjj-zf"}},
         "master: external",
         ""},
        {"report.needless",
         "a report about a case that the hub masters",
         {{"owner: fund",
           "owner: fund\nreport: {to: fund, resource: test/notice, kind: submit, effect: "
           "idempotent, request: {number: case.number, amount: application.rent}}"}},
         "report: {to",
         ""},
        {"report.effect",
         "a report that may be done but once",
         {{"owner: fund",
           "owner: fund\nmaster: external\ncode: 640100-gjj-zf\nreport: {to: fund, resource: "
           "test/post, kind: submit, effect: at_most_once, request: {number: case.number, amount: "
           "application.rent}}"}},
         "report: {to",
         ""},
        {"state.unnamed",
         "a state without words",
         {{"state: R_DECIDED\n    task", "state: R_APPROVED\n    task"}},
         "state: R_APPROVED",
         "state: R_APPROVED"},
        {"suspend.unknown",
         "a reason that no law knows",
         {{"suspend: [awaiting-citizen]", "suspend: [awaiting-leader]"}},
         "suspend:",
         ""},
        {"material.source",
         "nobody brings the lease",
         {{"en: lease, from: citizen}", "en: lease, from: landlord}"}},
         "from: landlord",
         ""},
        {"party.unknown",
         "a party that is not in parties",
         {{"task: {party: fund, role: clerk", "task: {party: bank, role: clerk"}},
         "party: bank",
         "task: {party: bank, role: clerk, ...}"},
        {"party.kind",
         "a kind of which the hub has no member",
         {{"en: fund centre, kind: housing-fund,", "en: fund centre, kind: civil-affairs,"}},
         "kind: civil-affairs",
         ""},
        {"party.who",
         "neither the division nor a member",
         {{"kind: real-estate, division: application.city}", "kind: real-estate}"}},
         "  registry: {zh",
         "registry: {zh: 不动产登记中心, en: registry, kind: real-estate}"},
        {"application.differs",
         "the item opens with another type than the office sends",
         {{"item: housing-fund/rent-withdrawal", "item: housing-fund/rent-supplement"}},
         "application: test/application@1",
         "application: test/application@1   # the intake resource of this item takes in "
         "test/question@1"},
    };
}

// Of steps and the ways between them.
Samples of_ways() {
    return {
        {"step.kind",
         "a step that does nothing",
         {{"    timer: {within: 5, unit: days}\n", ""}},
         "  pause:",
         "pause:\n  zh: 等待补正\n  en: wait for the applicant\n  next: decide"},
        {"step.kind",
         "a step that does two things",
         {{"    timer: {within: 5, unit: days}\n",
           "    timer: {within: 5, unit: days}\n    gate: {}\n"}},
         "  pause:",
         "timer: {within: 5, unit: days}\ngate: {}"},
        {"step.unknown",
         "the first step does not exist",
         {{"start: homes", "start: home"}},
         "start: home",
         ""},
        {"step.unknown",
         "a transition goes nowhere",
         {{"- {on: [blocked, returned], go: refused}", "- {on: [blocked, returned], go: refuse}"}},
         "go: refuse}",
         ""},
        {"step.unreachable",
         "a step that nothing leads to",
         {{"  done: {zh: 办结",
           "  forgotten: {zh: 遗忘, en: forgotten, end: withdrawn}\n  done: {zh: 办结"}},
         "  forgotten:",
         "forgotten: {zh: 遗忘, en: forgotten, end: withdrawn}"},
        {"step.no_end",
         "two steps that only lead to each other",
         {{"  done: {zh: 办结",
           "  one: {zh: 一, en: one, timer: {within: 1, unit: days}, next: other}\n  other: {zh: "
           "二, en: other, timer: {within: 1, unit: days}, next: one}\n  done: {zh: 办结"},
          {"- {on: ask, go: pause}", "- {on: ask, go: one}"},
          {"- {on: cancelled, go: decide}", "- {on: cancelled, go: pause}"}},
         "  one: {",
         "one:   {..., next: other}\nother: {..., next: one}"},
        {"next.otherwise",
         "what if no condition holds?",
         {{"      - {otherwise: checks}\n", ""}},
         "  homes:\n",
         "next:\n  - {when: homes.count > 0, go: refused}"},
        {"next.after",
         "a transition below one that always fits",
         {{"      - {otherwise: decide}",
           "      - {otherwise: decide}\n      - {on: review, go: pause}"}},
         "go: pause}\n  decide",
         "- {otherwise: decide}\n- {on: review, go: pause}"},
        {"next.form",
         "a condition and an otherwise in one",
         {{"- {otherwise: done}",
           "- {otherwise: done}\n      - {when: payment.amount > application.rent, otherwise: "
           "done}"}},
         "- {when: payment.amount > application.rent",
         "- {when: payment.amount > application.rent, otherwise: done}"},
        {"on.unknown",
         "an outcome that the step does not have",
         {{"- {on: no_record, go: checks}", "- {on: not_found, go: checks}"}},
         "on: not_found",
         ""},
        {"cycle.busy",
         "a circle in which nothing waits",
         {{"- {otherwise: decide}", "- {on: review, go: homes}\n      - {otherwise: decide}"},
          {"parallel: {branches: {rent: check_rent, lease: check_lease}, join: all}\n    next: "
           "rules",
           "gate: {}\n    next: rules"},
          {"  check_rent:\n    zh: 核对租金\n    en: check the rent\n    task: {party: fund, role: "
           "clerk, actions: {fits: {zh: 相符, en: fits}, differs: {zh: 不符, en: differs}}, as: "
           "rent_check}\n    deadline: {within: 2, unit: working_days}\n    next: $join\n",
           ""},
          {"  check_lease:\n    zh: 核对合同\n    en: check the lease\n    call: {to: registry, "
           "resource: test/homes, kind: verify, effect: read, as: lease_check, request: {subject: "
           "application.applicant, city: application.city}}\n    deadline: {within: 1, unit: "
           "working_days, on_breach: {go: $join}}\n    next: $join\n",
           ""}},
         "go: homes}",
         "rules:\n  gate: ...\n  next:\n    - {on: review, go: homes}    # homes -> checks -> "
         "rules"},
        {"task.actions",
         "an officer who can do nothing",
         {{"actions: {fits: {zh: 相符, en: fits}, differs: {zh: 不符, en: differs}}, as: "
           "rent_check",
           "actions: {}, as: rent_check"}},
         "actions: {}",
         "task: {party: fund, role: clerk, actions: {}}"},
        {"task.action.unused",
         "a decision that leads nowhere",
         {{"      - {on: ask, go: pause}\n", ""},
          {"- {on: cancelled, go: decide}", "- {on: cancelled, go: pause}"}},
         "  decide:\n",
         "actions:\n  approve: {zh: 同意, en: approve}\n  reject: {zh: 不同意, en: reject}\n  ask: "
         "{zh: 退回补正, en: ask for more}\nnext:\n  - {on: approve, go: pay}\n  - {on: reject, "
         "go: refused}"},
        {"deadline.missing",
         "a call that may take for ever",
         {{"    deadline: {within: 4, unit: hours}\n", ""}},
         "  homes:\n",
         "homes:\n  call: {to: registry, resource: test/homes, ...}\n  next: ..."},
        {"deadline.sum",
         "thirteen working days of steps in a case of ten",
         {{"deadline: {within: 60, unit: working_days}",
           "deadline: {within: 10, unit: working_days}"}},
         "deadline: {within: 10",
         ""},
        {"parallel.branches",
         "one branch",
         {{"branches: {rent: check_rent, lease: check_lease}", "branches: {rent: check_rent}"},
          {"  check_lease:\n    zh: 核对合同\n    en: check the lease\n    call: {to: registry, "
           "resource: test/homes, kind: verify, effect: read, as: lease_check, request: {subject: "
           "application.applicant, city: application.city}}\n    deadline: {within: 1, unit: "
           "working_days, on_breach: {go: $join}}\n    next: $join\n",
           ""}},
         "branches: {rent: check_rent}",
         "parallel: {branches: {rent: check_rent}, join: all}"},
        {"parallel.left",
         "a branch that ends the case",
         {{"    deadline: {within: 2, unit: working_days}\n    next: $join",
           "    deadline: {within: 2, unit: working_days}\n    next:\n      - {on: fits, go: "
           "$join}\n      - {on: differs, go: refused}"}},
         "- {on: differs, go: refused}",
         "next:\n  - {on: fits, go: $join}\n  - {on: differs, go: refused}"},
        {"parallel.left",
         "a branch that never comes back",
         {{"    deadline: {within: 2, unit: working_days}\n    next: $join",
           "    deadline: {within: 2, unit: working_days}\n    next: check_rent"}},
         "  check_rent:\n",
         "check_rent:\n  task: ...\n  next: check_rent"},
        {"parallel.entered",
         "into a branch from outside",
         {{"- {on: ask, go: pause}", "- {on: ask, go: check_rent}"},
          {"- {on: cancelled, go: decide}", "- {on: cancelled, go: pause}"}},
         "go: check_rent",
         ""},
        {"parallel.join",
         "$join where no branch is",
         {{"    timer: {within: 5, unit: days}\n    next: decide",
           "    timer: {within: 5, unit: days}\n    next: $join"}},
         "next: $join\n  pay:",
         "next: $join"},
        {"parallel.any",
         "an effect that stays, in a race",
         {{"branches: {rent: check_rent, lease: check_lease}, join: all}",
           "branches: {rent: check_rent, lease: check_lease}, join: any}"},
          {"call: {to: registry, resource: test/homes, kind: verify, effect: read, as: "
           "lease_check, request: {subject: application.applicant, city: application.city}}",
           "call: {to: registry, resource: test/notice, kind: submit, effect: idempotent, request: "
           "{number: case.number, amount: application.rent}}\n    undo: {none: true, because: a "
           "notice is corrected by the next}"}},
         "  check_lease:\n",
         "parallel: {branches: {rent: check_rent, lease: tell_registry}, join: any}"},
    };
}

// Of offices, records and expressions.
Samples of_offices() {
    return {
        {"resource.unknown",
         "a resource that is not in the catalogue",
         {{"      resource: test/homes\n      kind: fetch",
           "      resource: test/houses\n      kind: fetch"}},
         "resource: test/houses",
         "resource: test/houses"},
        {"resource.kind",
         "a resource that cannot be asked so",
         {{"resource: test/homes\n      kind: fetch\n      effect: read",
           "resource: test/homes\n      kind: submit\n      effect: read"}},
         "kind: submit\n      effect: read",
         "kind: submit"},
        {"resource.office",
         "the wrong office is asked",
         {{"      to: registry\n      resource: test/homes",
           "      to: fund\n      resource: test/homes"}},
         "to: fund\n      resource",
         "to: fund\nresource: test/homes"},
        {"effect.missing",
         "what if the answer is lost?",
         {{"      effect: read\n      as: homes", "      as: homes"}},
         "      to: registry\n      resource: test/homes",
         "call: {to: registry, resource: test/homes, kind: fetch, as: homes, ...}"},
        {"effect.differs",
         "the resource file says otherwise",
         {{"call: {to: registry, resource: test/notice, kind: submit, effect: idempotent, request: "
           "{number: case.number, amount: filing.account.amount}}\n    undo",
           "call: {to: registry, resource: test/notice, kind: submit, effect: queryable, request: "
           "{number: case.number, amount: filing.account.amount}}\n    undo"}},
         "effect: queryable",
         "call: {to: registry, resource: test/notice, kind: submit, effect: queryable, ...}"},
        {"undo.missing",
         "an effect that nothing takes back",
         {{"    undo: {call: {to: registry, resource: test/notice, kind: submit, effect: "
           "idempotent, request: {number: case.number, amount: filing.account.amount}}}\n",
           ""}},
         "  told:\n",
         "told:\n  call: {to: registry, resource: test/notice, kind: submit, effect: idempotent, "
         "...}\n  next: paid"},
        {"undo.needless",
         "an undo of a question",
         {{"    retry: {attempts: 4, first: 2s, ceiling: 5m}",
           "    undo: {none: true, because: nothing is done}"}},
         "  homes:\n",
         "call: {..., kind: fetch, effect: read}\nundo: {none: true, because: nothing is done}"},
        {"irrevocable.twice",
         "two steps that nothing can undo",
         {{"    undo: {call: {to: registry, resource: test/notice, kind: submit, effect: "
           "idempotent, request: {number: case.number, amount: filing.account.amount}}}\n    "
           "deadline: {within: 1, unit: working_days}\n    next: paid",
           "    undo: {none: true, because: a notice is corrected by the next}\n    deadline: "
           "{within: 1, unit: working_days}\n    next: stamp\n  stamp:\n    zh: 盖章\n    en: "
           "stamp\n    call: {to: fund, resource: test/post, kind: submit, effect: at_most_once, "
           "request: {number: case.number, amount: application.rent}}\n    deadline: {within: 1, "
           "unit: working_days}\n    next: post\n  post:\n    zh: 寄送\n    en: post\n    call: "
           "{to: fund, resource: test/post, kind: submit, effect: at_most_once, request: {number: "
           "case.number, amount: application.rent}}\n    deadline: {within: 1, unit: "
           "working_days}\n    next: paid"},
          {"      - {when: payment.amount < application.rent, go: decide}\n", ""}},
         "  post:\n",
         "stamp: {call: {..., effect: at_most_once}, next: post}\npost:  {call: {..., effect: "
         "at_most_once}, next: paid}"},
        {"joint.members",
         "a joint filing of one",
         {{"        record:\n          to: registry\n          request: {number: case.number, "
           "amount: decision.form.amount}\n          reserve: test/hold\n          confirm: "
           "{resource: test/pay, request: {token: reserved.record.token, amount: "
           "confirmed.account.amount}}\n          cancel: test/hold\n          irrevocable: true\n",
           ""}},
         "        account:\n          to: fund",
         "members:\n  account: {to: fund, reserve: test/hold, confirm: test/pay, cancel: "
         "test/hold}"},
        {"joint.irrevocable",
         "the irrevocable one first",
         {{"          to: fund\n          request",
           "          to: fund\n          irrevocable: true\n          request"}},
         "        account:\n",
         "account: {to: fund, irrevocable: true, ...}\nrecord: {to: registry, irrevocable: true, "
         "...}"},
        {"event.unknown",
         "an event that no office sends",
         {{"event: rent.paid", "event: rent.payed"}},
         "event: rent.payed",
         "wait: {event: rent.payed, from: fund, as: payment}"},
        {"rules.none",
         "a gate that checks nothing",
         {{"      rules: test/check@1\n      record:\n        rent: application.rent\n        "
           "homes: \"has(homes) ? homes.count : decimal('0')\"",
           "      rules: test/homes@1\n      record:\n        count: \"has(homes) ? homes.count : "
           "decimal('0')\""}},
         "rules: test/homes@1",
         "gate: {rules: test/homes@1, record: {count: homes.count}}"},
        {"field.unknown",
         "a field that the question does not have",
         {{"      as: homes\n      request: {subject: application.applicant, city: "
           "application.city}",
           "      as: homes\n      request: {subject: application.applicant, city: "
           "application.city, reason: case.number}"}},
         "reason: case.number",
         "request: {subject: application.applicant, city: application.city, reason: case.number}"},
        {"field.missing",
         "a field that the question requires",
         {{"      as: homes\n      request: {subject: application.applicant, city: "
           "application.city}",
           "      as: homes\n      request: {subject: application.applicant}"}},
         "request: {subject: application.applicant}\n",
         "request: {subject: application.applicant}"},
        {"field.type",
         "money where a name belongs",
         {{"      as: homes\n      request: {subject: application.applicant, city: "
           "application.city}",
           "      as: homes\n      request: {subject: application.applicant, city: "
           "application.rent}"}},
         "city: application.rent",
         "request: {subject: application.applicant, city: application.rent}"},
        {"cel.syntax",
         "a bracket too few",
         {{"{when: homes.count > 0,", "{when: (homes.count > 0,"}},
         "when: (homes",
         "- {when: (homes.count > 0, go: refused}"},
        {"cel.name",
         "a name that nobody gave",
         {{"{when: homes.count > 0,", "{when: houses.count > 0,"}},
         "when: houses",
         "- {when: houses.count > 0, go: refused}"},
        {"cel.name",
         "a field that the answer does not have",
         {{"{when: homes.count > 0,", "{when: homes.number > 0,"}},
         "when: homes.number",
         "- {when: homes.number > 0, go: refused}"},
        {"cel.type",
         "money beside a number",
         {{"{when: homes.count > 0,", "{when: application.rent > 2000,"}},
         "when: application.rent > 2000",
         "- {when: application.rent > 2000, go: refused}"},
        {"cel.type",
         "a condition that is no yes or no",
         {{"{when: homes.count > 0,", "{when: homes.count,"}},
         "when: homes.count,",
         "- {when: homes.count, go: refused}"},
        {"cel.unset",
         "a result that some way has not brought",
         {{"homes: \"has(homes) ? homes.count : decimal('0')\"", "homes: homes.count"}},
         "homes: homes.count",
         "next:\n  - {on: no_record, go: checks}    # without homes\n  - {otherwise: "
         "checks}\n...\nrecord: {homes: homes.count}"},
        {"cel.unset",
         "the answer of a question that was given up",
         {{"- {otherwise: decide}",
           "- {when: \"lease_check.outcome == 'match'\", go: decide}\n      - {otherwise: "
           "decide}"}},
         "lease_check.outcome == ",
         "deadline: {within: 1, unit: working_days, on_breach: {go: $join}}\n...\n- {when: "
         "\"lease_check.outcome == 'match'\", go: decide}"},
    };
}

}  // namespace

const std::vector<Sample>& samples() {
    static const std::vector<Sample> all = [] {
        Samples together = of_head();
        for (const Samples& more : {of_ways(), of_offices()})
            together.insert(together.end(), more.begin(), more.end());
        return together;
    }();
    return all;
}

}  // namespace tongban::item::test
