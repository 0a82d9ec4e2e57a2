using Rocket.Models.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Tests.Diagnostics;

public sealed class ErrorReportTests
{
    [Fact]
    public void A_coded_error_is_one_canonical_line_and_exit_code_1()
    {
        ErrorReport report = ErrorReport.Of(new RocketException("RKT2117", "There is no tensor \"a\e[31m\r\nb\u202E\".", new SourceLocation("rocket.yaml", 3, 5)));
        Assert.Equal(1, report.ExitCode);
        Assert.Equal("rocket.yaml(3,5): error RKT2117: There is no tensor \"a\uFFFD[31m b\uFFFD\".", report.Text);
    }

    [Fact]
    public void Cancellation_is_exit_code_130() => Assert.Equal(130, ErrorReport.Of(new OperationCanceledException()).ExitCode);

    [Fact]
    public void A_bug_is_exit_code_70_with_its_stack_trace()
    {
        ErrorReport report = ErrorReport.Of(Thrown());
        Assert.Equal(70, report.ExitCode);
        Assert.Contains("InvalidOperationException: oops", report.Text, StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), report.Text, StringComparison.Ordinal);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("oops");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
