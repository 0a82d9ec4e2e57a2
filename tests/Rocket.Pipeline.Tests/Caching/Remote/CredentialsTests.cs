using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Caching.Remote;

namespace Rocket.Pipeline.Tests.Caching.Remote;

public sealed class CredentialsTests
{
    private static readonly Uri Server = new("https://cache.example.com/rocket");

    [Fact]
    public void A_token_goes_before_a_user_and_both_before_the_netrc()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".netrc", "machine cache.example.com login net password rc");
        Dictionary<string, string> environment = [];
        Assert.Equal(Basic("net:rc"), Find(environment, folder));
        environment["ROCKET_REMOTE_USER"] = "ann";
        environment["ROCKET_REMOTE_PASSWORD"] = "secret";
        Assert.Equal(Basic("ann:secret"), Find(environment, folder));
        environment["ROCKET_REMOTE_TOKEN"] = "t0ken";
        Assert.Equal("Bearer t0ken", Find(environment, folder));
    }

    [Fact]
    public void NETRC_names_another_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("elsewhere", "default login net password rc");
        Assert.Equal(Basic("net:rc"), Find(new() { ["NETRC"] = path }, folder));
        Assert.Null(Find([], folder));
    }

    [Fact]
    public void Credentials_do_not_go_over_plain_HTTP_to_another_machine()
    {
        static string? Token(string name) => name == "ROCKET_REMOTE_TOKEN" ? "t" : null;
        RocketException error = Assert.Throws<RocketException>(() => RemoteCredentials.Find(new Uri("http://cache.example.com/"), Token, "/nowhere"));
        Assert.Equal("RKT5012", error.Code);
        Assert.NotNull(RemoteCredentials.Find(new Uri("http://127.0.0.1:8080/"), Token, "/nowhere"));
    }

    [Fact]
    public void A_netrc_that_is_a_folder_is_not_one_and_one_that_cannot_be_read_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At(".netrc"));
        Assert.Null(Find([], folder));
        if (OperatingSystem.IsLinux() && Environment.UserName != "root")
        {
            string path = folder.Write("closed", "default login a password b");
            File.SetUnixFileMode(path, UnixFileMode.None);
            Assert.Equal("RKT5011", Assert.Throws<RocketException>(() => Find(new() { ["NETRC"] = path }, folder)).Code);
        }
    }

    [Theory]
    [InlineData("machine other login a password b\nmachine host login c password d", "c:d")]
    [InlineData("machine HOST\n  login c\n  password d\n", "c:d")]
    [InlineData("machine host login c password d machine host login e password f", "c:d")]
    [InlineData("machine other login a password b default login c password d", "c:d")]
    [InlineData("# machine host login x password y\nmachine host login c account z password d", "c:d")]
    [InlineData("machine host login c password \"d \\\"e\\\"\"", "c:d \"e\"")]
    [InlineData("macdef init\nmachine host login x password y\n\nmachine host login c password d", "c:d")]
    [InlineData("machine host password p#d login c", "c:p#d")]
    [InlineData("machine host login c", null)]
    [InlineData("machine hostel login c password d", null)]
    [InlineData("machine", null)]
    [InlineData("", null)]
    public void A_netrc_is_read_as_curl_reads_it(string text, string? expected)
        => Assert.Equal(expected, Netrc.Find(text.Replace("\r", "", StringComparison.Ordinal), "host") is { } login ? $"{login.User}:{login.Password}" : null);

    private static string Basic(string text) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    private static string? Find(Dictionary<string, string> environment, TemporaryFolder folder)
        => RemoteCredentials.Find(Server, environment.GetValueOrDefault, folder.Path)?.Header.ToString();
}
