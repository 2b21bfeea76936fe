using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Callers;

/// <summary>Who may call.</summary>
/// <param name="Keys">The keys; none for a host that asks nobody: one on loopback.</param>
/// <param name="TrustsEntra">
/// Whether the platform in front of the host has checked callers already and names them in <c>X-MS-CLIENT-PRINCIPAL-ID</c> (App Service
/// authentication with Microsoft Entra). Default false: anybody can write a header where no platform takes it out.
/// </param>
public sealed record CallerOptions(ApiKeys Keys, bool TrustsEntra = false)
{
    /// <summary>The variable that says whether the platform names the callers: true or false.</summary>
    public const string EntraVariable = "WANTALK_TRUST_ENTRA";

    /// <summary>Whether callers have to say who they are.</summary>
    public bool AreChecked => Keys.AreWanted || TrustsEntra;

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    public static CallerOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var entra = variable(EntraVariable) is { Length: > 0 } text ? text : "false";
        return bool.TryParse(entra, out var trusts)
            ? new CallerOptions(ApiKeys.Parse(variable(ApiKeys.Variable)), trusts)
            : throw new TalkException(ErrorCode.ArgumentInvalid, $"{EntraVariable} is '{entra}'. Give true or false.");
    }
}
