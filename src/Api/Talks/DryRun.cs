using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Quotes;

namespace WanTalk.Api.Talks;

/// <summary>The answer to a request that was checked and not accepted.</summary>
/// <param name="Plan">What would be sampled.</param>
/// <param name="Quote">What it would take.</param>
internal sealed record DryRun(TalkPlan Plan, TalkQuote Quote)
{
    private const string Parameter = "dry_run";

    /// <summary>Whether a request asks for one.</summary>
    /// <exception cref="TalkException">It says neither yes nor no.</exception>
    public static bool IsAsked(IQueryCollection query) => query[Parameter].FirstOrDefault() switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new TalkException(new TalkError(ErrorCode.ArgumentInvalid, $"'{Parameter}' is neither true nor false. Give one, or leave it out.", Parameter)),
    };
}
