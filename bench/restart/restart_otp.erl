%% Erlang/OTP's side of bench_restart: the same questions to OTP's own
%% supervisor and gen_server, compiled, and with its logger off, or, `recorded`,
%% with the logger as it is by default, its lines in a file that keeps nothing.
%% Prints `name value` per answer; each question gets a node of its own.
%%
%%     erl -noshell -pa FOLDER -run restart_otp main told|retry CRASHES
%%     erl -noshell -pa FOLDER -run restart_otp main loop RESTARTS
%%     erl -noshell -pa FOLDER -run restart_otp main crowd CHILDREN KILLS
%%     erl -noshell -pa FOLDER -run restart_otp main each CHILDREN
%%
%% each with `recorded` at its end or without.
-module(restart_otp).
-behaviour(supervisor).

-export([main/1, init/1]).

%% More restarts than any question needs, within the shortest period.
-define(INTENSITY, 10000000).
-define(PERIOD, 1).

main([Question | Rest]) ->
    {Numbers, Recorded} = lists:partition(fun(X) -> X =/= "recorded" end, Rest),
    record(Recorded =/= []),
    ask(Question, [list_to_integer(Number) || Number <- Numbers]),
    halt(0).

record(false) ->
    ok = logger:set_primary_config(level, none);
record(true) ->
    ok = logger:remove_handler(default),
    File = #{type => {file, "/dev/null"}},
    ok = logger:add_handler(default, logger_std_h, #{config => File}).

init({Strategy, Function, Arguments}) ->
    Start = {restart_otp_worker, Function, Arguments},
    {ok, {#{strategy => Strategy, intensity => ?INTENSITY, period => ?PERIOD},
          [#{id => worker, start => Start}]}}.

start(Strategy, Function, Arguments) ->
    {ok, Supervisor} =
        supervisor:start_link(?MODULE, {Strategy, Function, Arguments}),
    Supervisor.

ask("told", [Times]) ->
    start(one_for_one, start_told, [self()]),
    lists:foldl(fun(_, Worker) -> crash_told(Worker) end, await_up(),
                lists:seq(1, Times));
ask("retry", [Times]) ->
    start(one_for_one, start_named, [worker]),
    [crash_named() || _ <- lists:seq(1, Times)];
ask("loop", [Times]) ->
    Start = now_in_nanoseconds(),
    start(one_for_one, start_crashing, [self(), atomics:new(1, []), Times]),
    await_up(),
    answer("rate", Times * 1.0e9 / nanoseconds_since(Start));
ask("crowd", [Children, Kills]) ->
    Supervisor = start(simple_one_for_one, start_told, []),
    {Resident, Total} = memory(Supervisor),
    Start = now_in_nanoseconds(),
    start_all(Supervisor, Children),
    Pids = [await_up() || _ <- lists:seq(1, Children)],
    answer("start", nanoseconds_since(Start) / 1.0e6),
    {ResidentNow, TotalNow} = memory(Supervisor),
    answer("memory", (ResidentNow - Resident) / Children),
    answer("memory_total", (TotalNow - Total) / Children),
    Victims = lists:sublist(Pids, Kills),
    Killing = now_in_nanoseconds(),
    [exit(Pid, kill) || Pid <- Victims],
    [await_up() || _ <- Victims],
    answer("kill", nanoseconds_since(Killing) / 1.0e6);
ask("each", [Children]) ->
    Supervisor = start(simple_one_for_one, start_told, []),
    Start = now_in_nanoseconds(),
    start_all(Supervisor, Children),
    [await_up() || _ <- lists:seq(1, Children)],
    answer("start", nanoseconds_since(Start) / 1.0e6).

%% From the message that crashes the worker to the next answer, of the one
%% that says it is up.
crash_told(Worker) ->
    Start = now_in_nanoseconds(),
    gen_server:cast(Worker, crash),
    Next = await_up(),
    pong = gen_server:call(Next, ping),
    answer("crash", nanoseconds_since(Start) / 1.0e3),
    Next.

%% The same for a client that knows but a name, and tries until it is answered.
crash_named() ->
    Start = now_in_nanoseconds(),
    gen_server:cast(worker, crash),
    pong = call_until_answered(),
    answer("crash", nanoseconds_since(Start) / 1.0e3).

call_until_answered() ->
    try
        gen_server:call(worker, ping)
    catch
        exit:_ ->
            erlang:yield(),
            call_until_answered()
    end.

%% OTP's supervisors are asked for one child at a time; with as many askers as
%% the other side has where it does the same.
start_all(Supervisor, Children) ->
    Client = self(),
    [spawn_link(fun() -> start_some(Supervisor, Client, Part) end)
     || Part <- parts(Children, 256)].

parts(Children, Askers) ->
    [(Children + I) div Askers || I <- lists:seq(0, Askers - 1)].

start_some(_, _, 0) ->
    ok;
start_some(Supervisor, Client, Left) ->
    {ok, _} = supervisor:start_child(Supervisor, [Client]),
    start_some(Supervisor, Client, Left - 1).

await_up() ->
    receive
        {up, Pid} -> Pid
    end.

%% Bytes of this node that are in memory, and those that it counts itself.
memory(Supervisor) ->
    [garbage_collect(Pid) || Pid <- [Supervisor, self()]],
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = string:lexemes(Text, " "),
    {binary_to_integer(Pages) * 4096, erlang:memory(total)}.

now_in_nanoseconds() ->
    erlang:monotonic_time(nanosecond).

nanoseconds_since(Start) ->
    now_in_nanoseconds() - Start.

answer(Name, Value) ->
    io:format("~s ~p~n", [Name, float(Value)]).
