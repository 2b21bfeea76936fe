using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>/api/jobs and /api/jobs/{id}: queue and history in one list. Only with the prefix.</summary>
internal sealed class JobRoutes(PromptQueue queue)
{
    public const string Path = "/api/jobs";

    private static readonly string[] Statuses = ["pending", "in_progress", "completed", "failed", "cancelled"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync);
        routes.MapGet(Path + "/{id}", OneAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var wanted = query["status"].ToString() is { Length: > 0 } asked ? asked.Split(',') : Statuses;
        if (wanted.FirstOrDefault(status => !Statuses.Contains(status)) is { } unknown)
        {
            await RefuseAsync(http, 400, $"Invalid status value: {unknown}. Valid values: {string.Join(", ", Statuses)}");
            return;
        }
        if (!IsWhole(query["limit"], least: 1, out var limit) || !IsWhole(query["offset"], least: 0, out var offset))
        {
            await RefuseAsync(http, 400, "limit and offset must be whole numbers");
            return;
        }
        var jobs = All().Where(job => wanted.Contains(job.Status)).ToList();
        if (query["workflow_id"].ToString() is { Length: > 0 } workflow)
            jobs.RemoveAll(job => (string?)job.Short()["workflow_id"] != workflow);
        var newestFirst = query["sort_order"] != "asc";
        jobs = [.. newestFirst ? jobs.OrderByDescending(job => job.Created) : jobs.OrderBy(job => job.Created)];
        var first = offset ?? 0;
        var page = jobs.Skip(first).Take(limit ?? int.MaxValue).ToList();
        await Answers.JsonAsync(http, new JsonObject
        {
            ["jobs"] = new JsonArray([.. page.Select(job => (JsonNode)job.Short())]),
            ["pagination"] = new JsonObject
            {
                ["offset"] = first,
                ["limit"] = limit,
                ["total"] = jobs.Count,
                ["has_more"] = first + page.Count < jobs.Count,
            },
        });
    }

    private async Task OneAsync(HttpContext http, string id)
    {
        if (All().FirstOrDefault(job => job.Id == id) is { } found)
            await Answers.JsonAsync(http, found.Long());
        else
            await RefuseAsync(http, 404, "Job not found");
    }

    private IEnumerable<Job> All()
    {
        var (running, pending, finished) = queue.Survey();
        return
        [
            .. running.Select(item => Job.Of(item, "in_progress")),
            .. pending.Select(item => Job.Of(item, "pending")),
            .. finished.Reverse().Select(Job.Of),
        ];
    }

    private static bool IsWhole(string? text, int least, out int? number)
    {
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return string.IsNullOrEmpty(text) || number >= least;
    }

    private static Task RefuseAsync(HttpContext http, int status, string error) =>
        Answers.JsonAsync(http, new JsonObject { ["error"] = error }, status);
}
