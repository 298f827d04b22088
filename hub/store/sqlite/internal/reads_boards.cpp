#include <string>
#include <utility>

#include "hub/store/sqlite/internal/store_class.h"

// Boards, work lists and search. Which index a board walks is said here (INDEXED BY), not left to
// statistics: each holds what the filters ask, so a row is fetched only when it is listed.
namespace tongban::store::sqlite {
namespace {

struct Where {
    std::string text;
    Values values;

    Where& add(std::string_view condition) {
        text.append(text.empty() ? "WHERE " : " AND ").append(condition);
        return *this;
    }
    Where& add(std::string_view condition, std::int64_t value) {
        values.emplace_back(value);
        return add(condition);
    }
    Where& add_text(std::string_view condition, std::string_view value) {
        values.emplace_back(Text{value});
        return add(condition);
    }
};

std::string_view board_index(const BoardQuery& query) {
    if (!query.attribute.empty()) return "";  // few have it: they are found first
    if (!query.hall.empty()) return "INDEXED BY cases_hall ";
    if (!query.owner.empty()) return "INDEXED BY cases_owner ";
    return query.status ? "INDEXED BY cases_status " : "INDEXED BY cases_due ";
}

Where filters_of(const BoardQuery& query) {
    Where where;
    where.add("c.is_open=?", query.open ? 1 : 0);
    if (!query.hall.empty()) where.add_text("c.hall<>'' AND c.hall=?", query.hall);
    if (!query.owner.empty()) where.add_text("c.owner=?", query.owner);
    if (!query.item.empty()) where.add_text("c.item=?", query.item);
    if (query.status) where.add("c.status=?", *query.status);
    if (!query.attribute.empty()) {
        where.values.emplace_back(Text{query.attribute});
        where.add_text("(c.shard,c.case_id) IN (SELECT shard,case_id FROM attr WHERE k=? AND v=?)",
                       query.value);
    }
    if (!query.member.empty()) {
        where.values.emplace_back(Text{member_attribute});
        where.add_text("EXISTS(SELECT 1 FROM attr p WHERE p.k=? AND p.v=? AND p.case_id=c.case_id)",
                       query.member);
    }
    return where;
}

void add_light(Where& where, const BoardQuery& query) {
    if (!query.light) return;
    if (!query.open) {  // a closed case shows no light but green
        if (*query.light != Light::green) where.add("1=0");
        return;
    }
    const std::int64_t now = query.now_ms;
    switch (*query.light) {
        case Light::red:
            where.add("c.due_ms<=?", now);
            return;
        case Light::orange:
            where.add("c.due_ms>?", now).add("c.orange_ms<=?", now);
            return;
        case Light::yellow:
            where.add("c.due_ms>?", now).add("c.orange_ms>?", now).add("c.yellow_ms<=?", now);
            return;
        case Light::green:
            where.add("c.due_ms>?", now).add("c.orange_ms>?", now).add("c.yellow_ms>?", now);
            return;
    }
}

struct Page {  // where the one before ended
    std::int64_t due_ms;
    std::int64_t case_id;
};

Page begin_of(std::int64_t after_due_ms, std::int64_t after_case_id) {
    if (after_due_ms == 0 && after_case_id != 0) return {never, after_case_id};
    return {after_due_ms, after_case_id};
}

// Not red, green + yellow << 32 of these, red.
LightCounts read_counts(Cells& cells) {
    const std::int64_t lit = cells.integer();
    const std::int64_t packed = cells.integer();
    LightCounts counts;
    counts.green = packed & 0xFFFF'FFFF;
    counts.yellow = packed >> 32;
    counts.orange = lit - counts.green - counts.yellow;
    counts.red = cells.integer();
    return counts;
}

}  // namespace

Result<std::vector<CaseRow>> SqliteStore::board(const BoardQuery& query) {
    Where where = filters_of(query);
    add_light(where, query);
    const Page page = begin_of(query.after_due_ms, query.after_case_id);
    where.values.emplace_back(page.due_ms);
    where.add("(c.due_ms,c.case_id)>(?,?)", page.case_id);
    where.values.emplace_back(static_cast<std::int64_t>(query.limit));
    return readers_->all(
        listed_case_shape,
        std::string(board_index(query)) + where.text + " ORDER BY c.due_ms,c.case_id LIMIT ?",
        where.values);
}

// Every open case is looked at: one comparison for most, in one walk over an index.
Result<LightCounts> SqliteStore::count_lights(const BoardQuery& query) {
    const Where where = filters_of(query);
    const std::string cases = " FROM cases c " + std::string(board_index(query)) + where.text;
    const std::string columns = "a.n,a.packed,(SELECT count(*)" + cases + " AND c.due_ms<=?)";
    const std::string lit =
        "(SELECT count(*) AS n,sum(CASE WHEN c.yellow_ms>? THEN 1 WHEN "
        "c.orange_ms>? THEN 4294967296 ELSE 0 END) AS packed" +
        cases + " AND c.due_ms>?) a";
    const std::int64_t now = query.open ? query.now_ms : -1;
    Values values = where.values;
    values.insert(values.end(), 3, now);
    values.insert(values.end(), where.values.begin(), where.values.end());
    values.emplace_back(now);
    auto counts = readers_->one(Shape<LightCounts>{columns, lit, read_counts}, "", values);
    if (!counts) return counts.fault();
    return counts->value_or(LightCounts{});
}

Result<std::vector<StepRow>> SqliteStore::work(const WorkQuery& query) {
    Where where;
    where.add("work=1").add_text("member=?", query.member);
    if (!query.role.empty()) where.add_text("role=?", query.role);
    if (!query.assignee_hash.empty()) where.add_text("assignee_hash=?", query.assignee_hash);
    const Page page = begin_of(query.after_due_ms, query.after_case_id);
    where.values.emplace_back(page.due_ms);
    where.values.emplace_back(page.case_id);
    where.add("(due_ms,case_id,step_no)>(?,?,?)", query.after_step_no);
    where.values.emplace_back(static_cast<std::int64_t>(query.limit));
    // The page is found in the index alone, whatever it filters by; then its rows are fetched.
    return readers_->all(step_shape,
                         "WHERE (shard,case_id,step_no) IN (SELECT shard,case_id,step_no FROM step "
                         "INDEXED BY step_work " +
                             where.text +
                             " ORDER BY due_ms,case_id,step_no LIMIT ?) "
                             "ORDER BY due_ms,case_id,step_no",
                         where.values);
}

Result<std::vector<IncidentRow>> SqliteStore::open_incidents(std::string_view owner,
                                                             const IncidentRow& after,
                                                             std::size_t limit) {
    Where where;
    where.add("is_open=1");
    if (!owner.empty()) where.add_text("owner=?", owner);
    where.values.emplace_back(after.opened_ms);
    where.values.emplace_back(after.case_id);
    where.add("(opened_ms,case_id,n)>(?,?,?)", after.n);
    where.values.emplace_back(static_cast<std::int64_t>(limit));
    return readers_->all(
        incident_shape, where.text + " ORDER BY opened_ms,case_id,n LIMIT ?", where.values);
}

Result<std::vector<CaseRow>> SqliteStore::cases_of_subject(std::string_view subject_hash,
                                                           std::size_t limit) {
    return readers_->all(listed_case_shape,
                         "WHERE c.subject_hash<>'' AND c.subject_hash=? ORDER BY c.case_id LIMIT ?",
                         Text{subject_hash},
                         limit);
}

Result<std::vector<CaseRow>> SqliteStore::cases_of_attr(std::string_view key,
                                                        std::string_view value,
                                                        std::size_t limit) {
    return readers_->all(attr_case_shape,
                         "WHERE a.k=? AND a.v=? ORDER BY a.case_id LIMIT ?",
                         Text{key},
                         Text{value},
                         limit);
}

Result<std::vector<CaseRow>> SqliteStore::cases_of_number(std::string_view number,
                                                          std::size_t limit) {
    return readers_->all(
        listed_case_shape,
        "WHERE c.rowid IN (SELECT rowid FROM cases INDEXED BY cases_number WHERE number<>'' AND "
        "number=? UNION SELECT rowid FROM cases INDEXED BY cases_external WHERE "
        "external_number<>'' AND external_number=?) ORDER BY c.case_id LIMIT ?",
        Text{number},
        Text{number},
        limit);
}

}  // namespace tongban::store::sqlite
