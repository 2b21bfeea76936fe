using System.Text.Json.Nodes;

namespace WanTalk.Infra.Tests.Bicep;

/// <summary>A runner as it is deployed.</summary>
internal sealed class Runner(JsonObject app)
{
    /// <summary>The app.</summary>
    public JsonObject App => app;

    /// <summary>Its only container.</summary>
    public JsonObject Container => Assert.Single(app.List("properties.template.containers"));

    /// <summary>The settings with a value.</summary>
    public IReadOnlyDictionary<string, string> Settings => Container.List("env")
        .Where(setting => setting["value"] is not null).ToDictionary(setting => setting.Text("name"), setting => setting.Text("value"));

    /// <summary>The settings that are secrets, with the expression of each one's address.</summary>
    public IReadOnlyDictionary<string, string> Secrets
    {
        get
        {
            var addresses = app.List("properties.configuration.secrets")
                .ToDictionary(secret => secret.Text("name"), secret => secret.Text("keyVaultUrl"));
            return Container.List("env").Where(setting => setting["secretRef"] is not null)
                .ToDictionary(setting => setting.Text("name"), setting => addresses[setting.Text("secretRef")]);
        }
    }

    /// <summary>All settings' names.</summary>
    public IEnumerable<string> Names => Settings.Keys.Concat(Secrets.Keys);

    /// <summary>The lanes that it serves.</summary>
    public IReadOnlyList<string> Lanes => Settings["WANTALK_LANES"].Split(',');

    /// <summary>The identity that it is: a resource's id.</summary>
    public string Identity => Assert.Single(app.At("identity.userAssignedIdentities")!.AsObject()).Key;

    /// <summary>How it is scaled.</summary>
    public JsonNode Scale => app.At("properties.template.scale")!;
}
