using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Talks;

/// <summary>Which talks are to be listed.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="After">Where the page begins; null for the newest.</param>
/// <param name="Status">Only those in this state; null for all.</param>
internal sealed record ListQuery(int Limit, string? After, TalkStatus? Status)
{
    private const int DefaultLimit = 20;

    private static readonly Dictionary<string, TalkStatus> Names =
        Enum.GetValues<TalkStatus>().ToDictionary(status => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()), StringComparer.Ordinal);

    /// <summary>Reads it.</summary>
    /// <exception cref="TalkException">A parameter is wrong, which it names.</exception>
    public static ListQuery Read(IQueryCollection query) => new(
        query["limit"].FirstOrDefault() is { Length: > 0 } limit ? LimitOf(limit) : DefaultLimit,
        query["after"].FirstOrDefault() is { Length: > 0 } after ? after : null,
        query["status"].FirstOrDefault() is { Length: > 0 } status ? StatusOf(status) : null);

    private static int LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= TalkIndex.MaxPageSize
            ? limit
            : throw new TalkException(new TalkError(
                ErrorCode.ArgumentInvalid, $"'limit' is no number from 1 to {TalkIndex.MaxPageSize}. Give one, or leave it out.", "limit"));

    private static TalkStatus StatusOf(string text) =>
        Names.TryGetValue(text, out var status) ? status : throw new TalkException(new TalkError(
            ErrorCode.ArgumentInvalid, $"'status' is none. Give one of {string.Join(", ", Names.Keys)}.", "status"));
}
