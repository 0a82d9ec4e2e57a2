using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Sources.Hub;

namespace Rocket.Pipeline.Tests.Sources.Hub;

public sealed class HubSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_variables_of_the_hubs_own_clients_count()
    {
        _folder.Write("home/token", "from the login\n");
        HubSettings settings = Read(("HF_HOME", _folder.At("home")), ("HF_ENDPOINT", "https://mirror.example.org/hub/"), ("HF_HUB_OFFLINE", "true"));
        Assert.Equal("https://mirror.example.org/hub", settings.Endpoint.AbsoluteUri);
        Assert.Equal(("from the login", true, _folder.At("home", "hub")), (settings.Token, settings.IsOffline, settings.CacheFolder));
    }

    [Fact]
    public void A_token_in_the_environment_comes_before_that_of_a_login_and_a_cache_of_its_own_before_the_home()
    {
        _folder.Write("home/token", "from the login");
        HubSettings settings = Read(("HF_HOME", _folder.At("home")), ("HF_TOKEN", "mine"), ("HF_HUB_CACHE", _folder.At("cache")));
        Assert.Equal(("mine", _folder.At("cache"), false), (settings.Token, settings.CacheFolder, settings.IsOffline));
    }

    [Fact]
    public void Without_any_the_public_hub_is_asked_by_nobody_in_particular()
    {
        HubSettings settings = Read(("XDG_CACHE_HOME", _folder.Path));
        Assert.Equal(("https", null, _folder.At("huggingface", "hub")), (settings.Endpoint.Scheme, settings.Token, settings.CacheFolder));
    }

    [Fact]
    public void An_endpoint_that_is_no_address_is_an_error()
        => Assert.Equal("RKT2355", Assert.Throws<RocketException>(() => Read(("HF_ENDPOINT", "nonsense"))).Code);

    private static HubSettings Read(params (string Name, string Value)[] variables) => HubSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
