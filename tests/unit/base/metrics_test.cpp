#include "base/metrics.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(metrics_test)

BOOST_AUTO_TEST_CASE(renders_the_prometheus_text_form) {
    Metrics metrics;
    metrics.counter("tongban_exchanges_total", "Exchanges by outcome.", {{"outcome", "delivered"}})
        .add(3);
    metrics.counter("tongban_exchanges_total", "", {{"outcome", "re\"fused\n"}}).add();
    metrics.counter("tongban_exchanges_total", "", {{"outcome", "delivered"}}).add();
    Histogram& histogram = metrics.histogram("tongban_commit_seconds", "Durable commits.");
    histogram.observe_us(50);
    histogram.observe_us(51);
    histogram.observe_us(60'000'000);
    const std::string text = metrics.render();
    BOOST_TEST(
        text.starts_with("# HELP tongban_exchanges_total Exchanges by outcome.\n# TYPE "
                         "tongban_exchanges_total counter\n"
                         "tongban_exchanges_total{outcome=\"delivered\"} 4\n"
                         "tongban_exchanges_total{outcome=\"re\\\"fused\\n\"} 1\n"));
    for (const char* line : {"# TYPE tongban_commit_seconds histogram\n",
                             "tongban_commit_seconds_bucket{le=\"0.00005\"} 1\n",
                             "tongban_commit_seconds_bucket{le=\"0.0001\"} 2\n",
                             "tongban_commit_seconds_bucket{le=\"30\"} 2\n",
                             "tongban_commit_seconds_bucket{le=\"+Inf\"} 3\n",
                             "tongban_commit_seconds_sum 60.000101\n",
                             "tongban_commit_seconds_count 3\n"})
        BOOST_TEST(text.find(line) != std::string::npos, line);
    BOOST_TEST(histogram.count() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
