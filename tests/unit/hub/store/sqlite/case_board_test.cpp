#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/case_samples.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::store;
using namespace tongban::support;

namespace {

constexpr std::int64_t now = case_epoch_ms + 1000;

// Eight cases: two of each light; odd ones belong to the tax office and hall 2, two are closed, one
// has no deadline.
struct Board {
    TemporaryFolder folder;
    std::unique_ptr<Store> store = need(open_sqlite(folder / "hub.db", {}));
    std::vector<SampleCase> cases;

    Board() {
        for (int i = 0; i < 10; ++i) {
            SampleCase sample = sample_case(*store, "K-" + std::to_string(i));
            CaseRow& row = sample.row;
            // Green: all ahead; each further pair has one more boundary behind it.
            const int light = i / 2 % 4;
            row.yellow_ms = now + (light >= 1 ? -30 : 30) + i;
            row.orange_ms = now + (light >= 2 ? -20 : 40) + i;
            row.due_ms = now + (light >= 3 ? -10 : 50) + i;
            row.status = 1 + i % 3;
            if (i % 2 == 1) row.owner = "640100.tax";
            if (i % 2 == 1) row.hall = "640100-hall-2";
            if (i >= 8) {  // closed, too late
                row.open = false;
                row.due_ms = now - 100 + i;
            }
            if (i == 0) {  // the clock is stopped, whatever it showed before
                row.due_ms = 0;
                row.yellow_ms = now - 30;
            }
            if (i == 3) row.item = "real-estate/transfer";
            need(store->apply(opening(sample)));
            cases.push_back(sample);
        }
    }
    std::vector<int> listed(BoardQuery query) {
        query.now_ms = now;
        return numbers(need(store->board(query)));
    }
    std::vector<int> numbers(const std::vector<CaseRow>& rows) {
        std::vector<int> all;
        for (const CaseRow& row : rows)
            for (int i = 0; i < 10; ++i)
                if (cases[static_cast<std::size_t>(i)].row.case_id == row.case_id) all.push_back(i);
        return all;
    }
};

using Numbers = std::vector<int>;

}  // namespace

BOOST_AUTO_TEST_SUITE(case_board_test)

BOOST_FIXTURE_TEST_CASE(a_board_lists_open_cases_by_their_deadline, Board) {
    BOOST_TEST(listed({}) == (Numbers{6, 7, 1, 2, 3, 4, 5, 0}), boost::test_tools::per_element());
    BoardQuery closed;
    closed.open = false;
    BOOST_TEST(listed(closed) == (Numbers{8, 9}), boost::test_tools::per_element());
    BOOST_TEST(need(store->board({})).at(0).state.empty());
}

BOOST_FIXTURE_TEST_CASE(every_filter_leaves_what_it_names, Board) {
    BoardQuery query;
    query.owner = "640100.tax";
    BOOST_TEST(listed(query) == (Numbers{7, 1, 3, 5}), boost::test_tools::per_element());
    query.status = 2;
    BOOST_TEST(listed(query) == (Numbers{7, 1}), boost::test_tools::per_element());
    query = {};
    query.hall = "640100-hall-1";
    BOOST_TEST(listed(query) == (Numbers{6, 2, 4, 0}), boost::test_tools::per_element());
    query.owner = "640100.tax";
    BOOST_TEST(listed(query).empty());
    query = {};
    query.item = "real-estate/transfer";
    BOOST_TEST(listed(query) == (Numbers{3}), boost::test_tools::per_element());
    query.hall = "640100-hall-2";
    BOOST_TEST(listed(query) == (Numbers{3}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(lights_are_those_of_the_moment_and_agree_with_the_row, Board) {
    const Numbers expected[] = {{1, 0}, {2, 3}, {4, 5}, {6, 7}};
    for (const Light light : {Light::green, Light::yellow, Light::orange, Light::red}) {
        BoardQuery query;
        query.light = light;
        BOOST_TEST(listed(query) == expected[static_cast<std::size_t>(light)],
                   boost::test_tools::per_element());
        query.now_ms = now;
        for (const CaseRow& row : need(store->board(query)))
            BOOST_TEST((light_of(row, now) == light));
    }
    BoardQuery query;
    query.now_ms = now;
    const LightCounts all = need(store->count_lights(query));
    BOOST_TEST(all.green == 2);
    BOOST_TEST(all.yellow == 2);
    BOOST_TEST(all.orange == 2);
    BOOST_TEST(all.red == 2);
    query.owner = "640100.tax";
    BOOST_TEST(need(store->count_lights(query)).red == 1);
    query.owner = "nobody";
    BOOST_TEST(need(store->count_lights(query)).green == 0);
    BoardQuery closed;
    closed.open = false;
    closed.now_ms = now;
    BOOST_TEST(need(store->count_lights(closed)).green == 2);
    closed.light = Light::red;
    BOOST_TEST(need(store->board(closed)).empty());
}

BOOST_FIXTURE_TEST_CASE(pages_follow_each_other_without_gap_or_repetition, Board) {
    Numbers all;
    BoardQuery query;
    query.limit = 3;
    for (int page = 0; page < 5; ++page) {
        const auto rows = need(store->board(query));
        for (const int i : numbers(rows))
            all.push_back(i);
        if (rows.empty()) break;
        query.after_due_ms = rows.back().due_ms;
        query.after_case_id = rows.back().case_id;
    }
    BOOST_TEST(all == (Numbers{6, 7, 1, 2, 3, 4, 5, 0}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_board_follows_every_change_at_once, Board) {
    SampleCase& sample = cases[7];
    sample.row.rev = 1;
    sample.row.owner = "640100.real-estate";
    sample.row.hall = "640100-hall-9";
    sample.row.due_ms = now + 5000;
    sample.row.orange_ms = now + 4000;
    sample.row.yellow_ms = now + 3000;
    need(store->apply(Batch{sample.shard(), {UpdateCase{sample.row}}}));
    BoardQuery query;
    query.owner = "640100.tax";
    BOOST_TEST(listed(query) == (Numbers{1, 3, 5}), boost::test_tools::per_element());
    query = {};
    query.hall = "640100-hall-9";
    BOOST_TEST(listed(query) == (Numbers{7}), boost::test_tools::per_element());
    query.light = Light::green;
    BOOST_TEST(listed(query) == (Numbers{7}), boost::test_tools::per_element());
    sample.row.rev = 2;
    sample.row.open = false;
    sample.row.closed_ms = now;
    need(store->apply(Batch{sample.shard(), {UpdateCase{sample.row}}}));
    BOOST_TEST(listed(query).empty());
}

BOOST_FIXTURE_TEST_CASE(work_lists_hold_the_tasks_that_wait_for_a_person, Board) {
    std::vector<StepRow> tasks;
    for (int i = 0; i < 4; ++i) {
        const SampleCase& sample = cases[static_cast<std::size_t>(i)];
        StepRow task = sample_step(sample, 2);
        task.kind = 2;
        task.work = true;
        task.role = i == 3 ? "supervisor" : "loan-officer";
        task.due_ms = i == 0 ? 0 : now - i;
        need(store->apply(Batch{sample.shard(), {PutStep{task}}}));
        tasks.push_back(task);
    }
    const auto ids = [&](const WorkQuery& query) {
        Numbers all;
        for (const StepRow& row : need(store->work(query)))
            for (int i = 0; i < 4; ++i)
                if (tasks[static_cast<std::size_t>(i)].case_id == row.case_id) all.push_back(i);
        return all;
    };
    WorkQuery query;
    query.member = "610100.housing-fund";
    BOOST_TEST(ids(query) == (Numbers{3, 2, 1, 0}), boost::test_tools::per_element());
    query.role = "loan-officer";
    BOOST_TEST(ids(query) == (Numbers{2, 1, 0}), boost::test_tools::per_element());
    query.limit = 2;
    query.after_due_ms = tasks[1].due_ms;
    query.after_case_id = tasks[1].case_id;
    query.after_step_no = 2;
    BOOST_TEST(ids(query) == (Numbers{0}), boost::test_tools::per_element());
    tasks[2].assignee_hash = "officer";
    tasks[2].assignee = "sealed";
    need(store->apply(Batch{cases[2].shard(), {UpdateStep{tasks[2]}}}));
    query = {};
    query.member = "610100.housing-fund";
    query.assignee_hash = "officer";
    BOOST_TEST(ids(query) == (Numbers{2}), boost::test_tools::per_element());
    BOOST_TEST(need(store->work(query)).at(0).assignee == "sealed");
    tasks[2].work = false;
    need(store->apply(Batch{cases[2].shard(), {UpdateStep{tasks[2]}}}));
    BOOST_TEST(ids(query).empty());
}

BOOST_FIXTURE_TEST_CASE(a_case_is_found_by_subject_attribute_and_either_number, Board) {
    SampleCase sample = sample_case(*store, "K-x");
    sample.row.external_number = "N-K-1";  // as the citizen's number of another case
    sample.row.subject_hash = cases[4].row.subject_hash;
    need(store->apply(opening(sample)));
    const auto by_subject = need(store->cases_of_subject(sample.row.subject_hash, 10));
    BOOST_TEST(by_subject.size() == 2U);
    BOOST_TEST(need(store->cases_of_subject(sample.row.subject_hash, 1)).size() == 1U);
    BOOST_TEST(need(store->cases_of_number("N-K-1", 10)).size() == 2U);
    BOOST_TEST(need(store->cases_of_number("N-K-x", 10)).at(0).case_id == sample.row.case_id);
    BOOST_TEST(need(store->cases_of_number("", 10)).empty());
    const std::string value = hex(sha256("K-x"));
    BOOST_TEST(need(store->cases_of_attr("contract", value, 10)).size() == 1U);
    BOOST_TEST(need(store->cases_of_attr("other", value, 10)).empty());
    const Batch twice{sample.shard(), {PutAttr{{sample.row.case_id, "contract", value}}}};
    need(store->apply(twice));
    need(store->apply(Batch{sample.shard(), {DropAttr{{sample.row.case_id, "contract", value}}}}));
    BOOST_TEST(need(store->cases_of_attr("contract", value, 10)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
