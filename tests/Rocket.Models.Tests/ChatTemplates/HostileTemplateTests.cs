using System.Diagnostics;
using System.Text.Json.Nodes;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.ChatTemplates;

public sealed class HostileTemplateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{{ 'x' * 9999999999 }}")]
    [InlineData("{{ [1] * 9999999999 }}")]
    [InlineData("{{ range(9999999999) | list }}")]
    [InlineData("{% for i in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 99 }}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='a' * 9999) %}{% for i in range(99) %}{% set ns.x = ns.x | replace('a', ns.x) %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x | tojson }}")]
    [InlineData("{{ ('a' * 9999) | indent(1000) | list | join('b' * 9999999) }}")]
    [InlineData("{% for i in range(3) recursive %}{{ loop([1]) }}{% endfor %}")]
    public void A_template_that_asks_for_too_much_is_stopped(string template)
    {
        long start = Stopwatch.GetTimestamp();
        RocketException failure = Assert.Throws<RocketException>(() => Render(template));
        Assert.Equal("RKT2456", failure.Code);
        Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("x if 1 else ", "")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        string template = "{{ " + string.Concat(Enumerable.Repeat(open, 50_000)) + "1" + string.Concat(Enumerable.Repeat(close, 50_000)) + " }}";
        Assert.Equal("RKT2452", Assert.Throws<RocketException>(() => Render(template)).Code);
    }

    [Theory]
    [InlineData("+ 1")]
    [InlineData("| abs")]
    [InlineData("or 0")]
    [InlineData(".a")]
    public void A_long_chain_is_stopped(string link)
        => Assert.StartsWith("RKT245", Assert.Throws<RocketException>(() => Render("{{ 0 " + string.Concat(Enumerable.Repeat(link, 50_000)) + " }}")).Code, StringComparison.Ordinal);

    [Fact]
    public void A_template_longer_than_its_limit_is_refused()
        => Assert.Equal("RKT2453", Assert.Throws<RocketException>(() => ChatTemplate.Parse(new string('x', 1 << 21))).Code);

    [Fact]
    public void Nested_blocks_beyond_the_limit_are_refused()
        => Assert.Equal("RKT2452", Assert.Throws<RocketException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if 1 %}", 10_000)))).Code);

    [Fact]
    public void What_a_template_refuses_is_told_with_its_own_words()
    {
        RocketException failure = Assert.Throws<RocketException>(() => Render("\n{{ raise_exception('Roles must alternate') }}"));
        Assert.Equal("RKT2455", failure.Code);
        Assert.Contains("Roles must alternate", failure.Message, StringComparison.Ordinal);
    }

    private static string Render(string template) => ChatTemplate.Parse(template).Render(new ChatPrompt { Messages = [new JsonObject { ["role"] = "user", ["content"] = "x" }] });
}
