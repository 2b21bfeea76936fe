using System.Text.Json.Nodes;
using WanTalk.Understudy.Server;

namespace WanTalk.Understudy.Faults;

/// <summary>
/// /understudy/faults, which is there only if the understudy was started with --faults: POST arms one, GET shows what is armed, DELETE
/// takes all back. It answers even while the server hangs.
/// </summary>
internal sealed class FaultRoutes(FaultBoard board, RequestBodies bodies)
{
    public const string Path = "/understudy/faults";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, http => Answers.JsonAsync(http, board.Describe()));
        routes.MapPost(Path, ArmAsync);
        routes.MapDelete(Path, http =>
        {
            board.Clear();
            return Answers.JsonAsync(http, board.Describe());
        });
    }

    private async Task ArmAsync(HttpContext http)
    {
        var (fault, complaint) = FaultJson.Read(await bodies.ReadJsonAsync(http));
        if (fault is not null && !board.Arm(fault))
            complaint = $"There are {FaultBoard.Capacity} faults already; take them back first.";
        if (complaint is null)
            await Answers.JsonAsync(http, board.Describe());
        else
            await Answers.JsonAsync(http, new JsonObject { ["error"] = complaint }, 400);
    }
}
