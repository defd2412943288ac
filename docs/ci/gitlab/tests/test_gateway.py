"""What our gateway passes on is still what the page promises."""


def test_the_gateway_passes_answers_on(docpact_client, docpact_mock, assert_conforms):
    """Here the mock stands for the gateway; a project calls its own instead."""
    for name in docpact_mock.running:
        assert_conforms(docpact_client.call(name, body="json"))
        assert_conforms(docpact_client.call(name, body="xml"))
